// Search runs in a worker, and browsers start no worker for a page opened from the disk. There
// this stands in: the same script in a hidden frame, spoken to in the same way.
(function () {
  "use strict";
  if (window.location.protocol !== "file:") return;

  function FrameWorker(address) {
    var url = new URL(address, document.baseURI).href;
    var worker = new EventTarget();
    var waiting = [];
    var ready = false;
    var frame = document.createElement("iframe");
    frame.hidden = true;
    frame.title = "Search";
    document.body.appendChild(frame);
    var inner = frame.contentWindow;

    worker.onmessage = null;
    worker.terminate = function () { frame.remove(); };
    worker.postMessage = function (data) {
      if (!ready) { waiting.push(data); return; }
      inner.dispatchEvent(new MessageEvent("message", { data: data }));
    };

    function load(address) {
      return new Promise(function (done, failed) {
        var script = inner.document.createElement("script");
        script.src = new URL(address, url).href;
        script.onload = done;
        script.onerror = failed;
        inner.document.head.appendChild(script);
      });
    }
    inner.importScripts = function () {
      return Array.prototype.reduce.call(arguments, function (before, address) {
        return before.then(function () { return load(address); });
      }, Promise.resolve());
    };
    inner.postMessage = function (data) {
      var event = new MessageEvent("message", { data: data });
      worker.dispatchEvent(event);
      if (typeof worker.onmessage === "function") worker.onmessage(event);
    };
    load(url).then(function () {
      ready = true;
      waiting.splice(0).forEach(worker.postMessage);
    });
    return worker;
  }

  window.Worker = FrameWorker;
})();
