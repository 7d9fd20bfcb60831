// What most visits never need, fetched when it is wanted: notices, after-care, the chime, ways, waiting, objections.

export { Aftercare } from "./aftercare.tsx";
export { chime } from "./chime.ts";
export { Notices } from "./notices.tsx";
export { Correction } from "./objections.tsx";
export { Waiting } from "./waiting.tsx";
export { Ways } from "./ways.tsx";
