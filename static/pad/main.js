/* The live pad. The server draws every card; these scripts post the forms without leaving the page,
   fetch the pad anew after each event, and swap what changed. Without them all still works. */

import { startBumpBar } from "./bump_bar.js";
import { startCamera } from "./camera.js";
import { startCards } from "./cards.js";
import { startDevice } from "./device.js";
import { startDoubts } from "./doubts.js";
import { startFeed } from "./feed.js";
import { startFinding } from "./find.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startPressing } from "./press.js";
import { startTabs } from "./tabs.js";

startCards();
startTabs();
startPressing();
startMenus();
startKeys();
startBumpBar();
startCamera();
startDevice();
startDoubts();
startFinding();
startFeed();
