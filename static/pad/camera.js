/* Scanning with the tablet's own camera, where the browser can read codes. */

import { find } from "./find.js";
import { byId, say } from "./page.js";

const LOOK_MS = 200;
const dialog = byId("camera");
const video = dialog.querySelector("video");

export const canScan = () =>
  isSecureContext && "BarcodeDetector" in window && Boolean(navigator.mediaDevices);

async function open() {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment" },
    });
  } catch (error) {
    return say(`The camera cannot be used: ${error.message}`);
  }
  dialog.showModal();
  video.play().catch(() => {}); // closed before the first picture came
  look(new BarcodeDetector());
}

async function look(detector) {
  while (dialog.open) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code && dialog.open) {
      dialog.close();
      return find(code.rawValue);
    }
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
  }
}

function stop() {
  for (const track of video.srcObject?.getTracks() || []) track.stop();
  video.srcObject = null;
}

export function startCamera() {
  const button = byId("scan");
  button.hidden = !canScan();
  button.addEventListener("click", open);
  dialog.addEventListener("close", stop);
}
