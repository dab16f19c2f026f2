/* The keypad gathers the digits here, so that nothing travels before Enter. */
"use strict";

const keypad = document.getElementById("keypad");
const pin = document.getElementById("pin");

keypad.addEventListener("click", (event) => {
  const key = event.target.closest("button")?.value;
  if (key === undefined || key === "enter") return;
  event.preventDefault();
  pin.value = key === "back" ? pin.value.slice(0, -1) : (pin.value + key).slice(0, pin.maxLength);
});
