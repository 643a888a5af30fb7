"""The words of the page that tells what changed."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CHANGES_WORDS"]

CHANGES_WORDS: Mapping[str, str] = {
    "changes title": "What changed",
    "changes lead": "Every change of the agreement, the newest first: what was, what is, who"
    " changed it, and why. Changes of layout alone are left out.",
    "changes announced": "Announced",
    "changes announced from": "From {day}",
    "changes in force from": "This version comes into force on {day}.",
    "changes pending": "Not committed yet",
    "changes pending lead": "These changes stand in the files, but not yet in their history.",
    "changes first": "The first version",
    "changes beginning": "Before this version nothing is known.",
    "changes none": "There is no history to tell: {why}",
    "changes none yet": "Nothing has changed since the first version.",
    "changes cut off": "The history is cut off: this copy of the repository begins with {day}."
    " What changed before is not told here.",
    "changes unread": "Between {first} and {last} the policy could not be read in {count} versions."
    " They are passed over, and their changes stand with the next one that could be read.",
    "changes unread one": "On {first} the policy could not be read after one change."
    " It is passed over, and what it changed stands with the next version that could be read.",
    "changes by": "Changed by {who}",
    "changes Agreed-by": "Agreed by {who}",
    "changes Reviewed-by": "Reviewed by {who}",
    "changes Signed-off-by": "Signed off by {who}",
    "changes Co-authored-by": "Together with {who}",
    "changes see": "See the change in the policy",
    "changes was": "before:",
    "changes is": "now:",
    "changes words": "words only",
    "changes more": "{count} more changes",
    "changes only words": "Only words changed: no decision about a lead, and no promise.",
    "changes only agreement": "No decision about a lead changes; what people promise or own does.",
    "changes no effect": "Of {leads}, none is decided otherwise.",
    "changes effect": "Of {leads}, {changed} decided otherwise:",
    "changes effect one": "1 is",
    "changes effect many": "{count} are",
    "changes up": "{count} up",
    "changes down": "{count} down",
    "changes shift": "{before} → {after}: {count}",
    "changes others": "others: {count}",
    "changes sample": "{count} leads of the sample",
    "changes examples": "the {count} worked leads",
}
