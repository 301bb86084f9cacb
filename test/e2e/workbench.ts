/** A person's hands in the real workbench: the packaged extension in a VS Code of its own, in a browser. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { type Server, copyWorkspace, startBrowser, startServer } from "../support/vscode-host.ts";

/** The colour themes in which every flow runs; the key is part of a picture's name. */
export const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern" } as const;
/** Those in which every view has its picture taken. */
export const LOOKS = { ...THEMES, contrast: "Default High Contrast" } as const;
export type Theme = keyof typeof LOOKS;

const VSIX = process.env["STREAMSIDE_VSIX"] ?? "out/streamside.vsix";
const SHOTS = "out/shots";
const PICTURES = "media/pictures";
const RELOAD_LIMIT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 800 };

export interface WorkbenchOptions {
  readonly theme: Theme;
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Trust the workspace. On by default. */
  readonly trust?: boolean;
}

export class Workbench {
  readonly page: Page;
  readonly server: Server;
  /** The copy of the sample workspace that is open. */
  readonly folder: string;
  readonly theme: Theme;
  readonly #browser: Browser;
  readonly #disposeFolder: () => void;

  private constructor(
    page: Page,
    server: Server,
    browser: Browser,
    workspace: ReturnType<typeof copyWorkspace>,
    theme: Theme,
  ) {
    this.page = page;
    this.server = server;
    this.folder = workspace.folder;
    this.theme = theme;
    this.#browser = browser;
    this.#disposeFolder = () => workspace.dispose();
  }

  /** Starts a server with the packaged extension and opens a copy of the sample workspace. */
  static async open({ theme, settings, trust = true }: WorkbenchOptions): Promise<Workbench> {
    const server = await startServer({
      vsix: VSIX,
      trust,
      settings: { ...settings, "workbench.colorTheme": LOOKS[theme] },
    });
    const browser = await startBrowser();
    const workspace = copyWorkspace();
    const page = await browser.newPage({ viewport: VIEWPORT, reducedMotion: "reduce" });
    page.setDefaultTimeout(20_000);
    const workbench = new Workbench(page, server, browser, workspace, theme);
    await page.goto(server.address(workspace.folder));
    await workbench.activityBar("Explorer").waitFor();
    return workbench;
  }

  /** Ends browser and server with all that they started. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    this.#disposeFolder();
  }

  /** One more window on the same folder, with nothing remembered from this one. */
  async secondWindow(): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: VIEWPORT, reducedMotion: "reduce" });
    await page.goto(this.server.address(this.folder));
    return page;
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget");
  }

  get statusBar(): Locator {
    return this.page.locator(".statusbar");
  }

  get toasts(): Locator {
    return this.page.locator(".notifications-toasts");
  }

  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** The text of the active editor, as it is shown. */
  get editorText(): Locator {
    return this.page.locator(".editor-instance .view-lines").first();
  }

  activityBar(title: string): Locator {
    return this.page.getByRole("tab", { name: title }).locator("a").first();
  }

  tree(name: string): Locator {
    return this.page.getByRole("tree", { name });
  }

  /** The inside of the active webview, which is two frames deep. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
  }

  /** Opens the Streamside container. */
  async openStreamside(): Promise<void> {
    await this.activityBar("Streamside").click();
    await this.page.getByRole("heading", { name: "Streamside" }).first().waitFor();
  }

  /** Runs a command by its full title from the palette, such as `Streamside: Create Topic...`. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.quickInput.locator("input").waitFor();
    await this.page.keyboard.type(title);
    await this.quickInput.getByRole("option", { name: title }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /**
   * Reloads the window, and waits until a grid shows this again. A machine that is busy can take longer
   * over it than the lab waits for its window: then it is started again.
   */
  async reload(grid: FrameLocator, shown: Locator): Promise<void> {
    // Until then it is the old page that shows it.
    const loaded = this.page.waitForEvent("domcontentloaded", { timeout: RELOAD_LIMIT_MS });
    await this.command("Developer: Reload Window");
    await loaded;
    const start = grid.getByRole("button", { name: "Start Lab" });
    await shown.or(start).first().waitFor({ timeout: RELOAD_LIMIT_MS });
    if (await start.isVisible()) await start.click();
    await shown.first().waitFor();
  }

  /** Fills the open input box or picker and presses Enter. */
  async answer(text: string): Promise<void> {
    await this.quickInput.locator("input").fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Chooses an item of the context menu of `target`. */
  async contextMenu(target: Locator, item: string): Promise<void> {
    await target.click({ button: "right" });
    const entry = this.page.getByRole("menuitem", { name: item, exact: true });
    await entry.waitFor();
    await entry.hover();
    // A menu ignores the mouse just after it opened; the keyboard it never ignores.
    await this.page.keyboard.press("Enter");
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.quickInput.locator("input").waitFor();
    await this.page.keyboard.type(name);
    await this.quickInput.getByRole("option", { name }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.getByRole("tab", { name }).first().waitFor();
  }

  /**
   * Takes a picture into out/shots, named after the theme. With UPDATE_PICTURES=1 the picture of the
   * theme given as `readme` also goes to media/pictures, where README.md shows it.
   */
  async picture(name: string, { readme }: { readonly readme?: Theme } = {}): Promise<void> {
    const file = `${name}-${this.theme}.png`;
    mkdirSync(SHOTS, { recursive: true });
    const image = await this.page.screenshot({
      path: path.join(SHOTS, file),
      animations: "disabled",
    });
    if (readme !== this.theme || process.env["UPDATE_PICTURES"] !== "1") return;
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(path.join(PICTURES, file), image);
  }
}
