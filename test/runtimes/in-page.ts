import { engineReport } from "./engine-cases.ts";

declare global {
  interface Window {
    engineReport(): ReturnType<typeof engineReport>;
  }
}
window.engineReport = () => engineReport(navigator.gpu);
