"""The pages' own words, by key: another language is another table like this one.

Sentences about rules come from ``leadpact.english``; here are headings, captions and notes.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["WORDS", "say"]

WORDS: Mapping[str, str] = {
    # the site's first page
    "site title": "Start here",
    "site heading": "How marketing and sales handle leads together",
    "site lead": "Each agreement below says which leads go to sales, why, and what happens next."
    " Every rule has its reason, and a link to the line that says so.",
    "site none": "No policy has been published yet.",
    "site policies": "The agreements",
    "site reading": "How to read these pages",
    "site score": "A score says how interested a lead is: points for what it did.",
    "site grade": "A grade says how interesting a lead is to us: a letter for who it is.",
    "site group": "Score and grade together put a lead in a group, and a group says what we do.",
    "site unknown": "What nobody knows yet counts as unknown. It is never taken for a no.",
    # the reference
    "reference": "Reference",
    "codes title": "What the checks say",
    "codes lead": "Every mistake in a policy has a code. Here is what each code means, why it"
    " matters, and how to mend it.",
    "codes reading": "Codes with E are errors: the policy is not used until they are gone."
    " Codes with W are warnings. At a terminal, `leadpact explain E402` shows the same text.",
    "codes files": "Files",
    "codes characters": "Characters and indentation",
    "codes places": "Lines in the wrong place",
    "codes wording": "Words and numbers",
    "codes names": "Names",
    "codes types": "Types and units",
    "codes values": "Values and ranges",
    "codes structure": "What a policy needs",
    "codes warnings": "Warnings",
    "codes before": "Not so:",
    "codes after": "But so:",
    "codes typed before": "Typed at a terminal:",
    "codes typed after": "Then type:",
    "codes sample": "The sample policy",
    "codes sample lead": "The examples stand below this policy, unless they have a block"
    " `policy` of their own.",
    # a policy's first page
    "overview": "Overview",
    "version": "Version {version}",
    "in force": "In force from {day}",
    "zone": "Times in {zone}",
    "handover": "A lead goes from {from_} to {to} as {stage} when {condition}.",
    "the rule": "When does a lead move on?",
    "path": "The path of a lead",
    "path caption": "Each number is a rule.",
    "path caption link": "All rules are in the table of moves.",
    "undrawn": "Without an arrow: {numbers}.",
    "path title": "The path of a lead",
    "path desc": "{number}: from {from_} to {to}",
    "parties": "Who agrees",
    "contact": "Contact",
    "more": "Where to read on",
    "more points": "What earns points, and how many.",
    "more grade": "What makes a lead a good fit.",
    "more group": "What we do with which lead.",
    "more checklist": "What to ask before a lead moves on.",
    "more stages": "What each stage means, and how a lead gets there.",
    "more facts": "What we know about a lead, and what counts as an activity.",
    "more source": "The policy itself, line by line.",
    # rules
    "rule": "Rule",
    "points": "Points",
    "source": "Source",
    "source line": "{file}, line {line}",
    "suggest": "Suggest a change",
    "ask": "Ask about this rule",
    "ask title": "Question about the rule {rule}",
    "by field": "By {field}",
    "owned by": "Owned by {party}",
    # scores and grades
    "score": "{name} score",
    "grade": "{name} grade",
    "score lead": "Points for what a lead does. They add up to the score.",
    "grade lead": "Points for who a lead is. They add up to a letter.",
    "points all": "Points",
    "other points": "More points",
    "limits": "Limits of the whole score",
    "letters": "From points to a letter",
    "insufficient": "With less than that, the grade is “insufficient data”.",
    # groups
    "group lead": "From top to bottom, the first group that fits a lead is its group.",
    "group": "Group",
    "which leads": "Which leads",
    "what we do": "What we do",
    "group otherwise": "Every other lead",
    "group unknown": "Too little is known to tell",
    "quadrant desc": "A square in four parts. Across: {across}. Up: {up}.",
    "quadrant cell": "{answers}: {group}.",
    "quadrant caption": "{across_label}: {across}. {up_label}: {up}.",
    "yes": "{label}: yes",
    "no": "{label}: no",
    # checklists
    "checklist lead": "Questions about a lead. An answer that nobody has yet is unknown, not a no.",
    "question": "Question",
    "answer": "When it is met",
    "needs": "When is it met as a whole?",
    # stages
    "stages": "Stages and moves",
    "stages lead": "Where a lead can be, what each stage means, and what moves a lead on.",
    "moves": "The moves",
    "no.": "No.",
    "move": "Move",
    "when": "When",
    "stage list": "The stages",
    "start": "Every lead starts here.",
    "final": "A lead stays here.",
    "gets here": "A lead gets here from {stages} when",
    "definitions": "What we mean by",
    "refusals": "Records that are turned away",
    "refusals lead": "These are not leads. They are not scored.",
    "any": "at least one of these",
    "all": "all of these",
    "some": "at least {count} of these",
    # facts
    "facts": "What we know",
    "facts lead": "What can be known about a lead, and what can happen."
    " Rules speak of nothing else.",
    "fields": "About a lead",
    "field": "Fact",
    "kind of value": "What it can be",
    "activities": "What a lead does",
    "actions": "What {party} does",
    "event": "Event",
    "comes with": "Comes with",
    "event where": "{event}, where {condition}",
    "lists": "Lists",
    "text": "text",
    "number": "number",
    "whole number": "whole number",
    "money": "amount of money",
    "range": "{type} from {low} to {high}",
    "yes or no": "yes or no",
    "one of": "one of: {values}",
    "any number of": "any of: {values}",
    "date": "day",
    "date and time": "day and time",
    "required": "always given",
    "required when": "given when {condition}",
    "no when unknown": "no when unknown",
    "after contact": "known only after contact: no score or grade should use it",
    "personal": "personal",
    # source
    "source title": "The policy itself",
    "source lead": "Every page here is made from these lines. Rules link to the line that says so.",
    # errors, while editing
    "same name": "{folder}: another policy is called `{name}` too. Give each its own name.",
    "broken": "The policy has mistakes. These pages show the last version without them.",
}


def say(key: str, **parts: object) -> str:
    """The words ``key`` with its parts put in."""
    return WORDS[key].format_map(parts)
