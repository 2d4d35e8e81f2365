// A timer for pages in the background: browsers slow theirs down to one a minute there, but not a worker's.
"use strict";

let timer = 0;
onmessage = (event) => {
  clearTimeout(timer);
  timer = setTimeout(postMessage, event.data, 0);
};
