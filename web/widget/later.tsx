// What most visits never need, fetched when it is wanted: sign-in, lists, display settings, after-care, the chime, ways.

export { Aftercare } from "./aftercare.tsx";
export { chime } from "./chime.ts";
export { AllOrders, DisplayPage, History } from "./pages.tsx";
export { SignIn } from "./sign_in.tsx";
export { Ways } from "./ways.tsx";
