/**
 * Every id that package.json also names, typed once. test/unit/manifest.test.ts compares the two, so
 * a command cannot exist in one and be missing in the other.
 */
export const COMMANDS = {
  startLab: "streamside.lab.start",
  stopLab: "streamside.lab.stop",
  restartLab: "streamside.lab.restart",
  resetLab: "streamside.lab.reset",
  showLabActions: "streamside.lab.showActions",
  revealLabData: "streamside.lab.revealData",
  showLog: "streamside.lab.showLog",
  copyBootstrap: "streamside.lab.copyBootstrap",
  createTopic: "streamside.topic.create",
  deleteTopic: "streamside.topic.delete",
  copyTopicName: "streamside.topic.copyName",
  copyTopic: "streamside.topic.copy",
  editTopicConfig: "streamside.topic.editConfig",
  addPartitions: "streamside.topic.addPartitions",
  deleteRecords: "streamside.topic.deleteRecords",
  emptyTopic: "streamside.topic.empty",
  showInternalTopics: "streamside.topics.showInternal",
  hideInternalTopics: "streamside.topics.hideInternal",
  findTopic: "streamside.topics.find",
  resetOffsets: "streamside.group.resetOffsets",
  deleteGroup: "streamside.group.delete",
  deleteOffsets: "streamside.group.deleteOffsets",
  peekCommitted: "streamside.group.peekCommitted",
  copyGroupName: "streamside.group.copyName",
  peekMessages: "streamside.messages.peek",
  tailMessages: "streamside.messages.tail",
  produceMessage: "streamside.messages.produce",
  produceDocument: "streamside.messages.produceDocument",
  produceSelection: "streamside.messages.produceSelection",
  produceFile: "streamside.messages.produceFile",
  generateLoad: "streamside.messages.generateLoad",
  previewTemplate: "streamside.messages.previewTemplate",
  showProduced: "streamside.messages.showProduced",
  exportMessages: "streamside.messages.export",
  importMessages: "streamside.messages.import",
  replayMessages: "streamside.messages.replay",
  redriveDeadLetters: "streamside.messages.redrive",
  showMoves: "streamside.moves.show",
  showValue: "streamside.message.showValue",
  showHex: "streamside.message.showHex",
  decodeAs: "streamside.message.decodeAs",
  compareMessages: "streamside.message.compare",
  copyMessageLine: "streamside.message.copyLine",
  copyMessageKey: "streamside.message.copyKey",
  copyMessageValue: "streamside.message.copyValue",
  saveMessageValue: "streamside.message.saveValue",
  editAndResend: "streamside.message.editAndResend",
  gridFind: "streamside.grid.find",
  gridOpen: "streamside.grid.open",
  gridOpenValue: "streamside.grid.openValue",
  gridOpenHex: "streamside.grid.openHex",
  gridCopyKey: "streamside.grid.copyKey",
  gridCopyValue: "streamside.grid.copyValue",
  gridFilterKey: "streamside.grid.filterKey",
  gridFilterValue: "streamside.grid.filterValue",
  gridFilterField: "streamside.grid.filterField",
  gridColumns: "streamside.grid.columns",
  gridAddColumn: "streamside.grid.addColumn",
  gridHideColumn: "streamside.grid.hideColumn",
  gridMoveColumnLeft: "streamside.grid.moveColumnLeft",
  gridMoveColumnRight: "streamside.grid.moveColumnRight",
  gridFilters: "streamside.grid.filters",
  gridSaveFilter: "streamside.grid.saveFilter",
  gridDeleteFilters: "streamside.grid.deleteFilters",
} as const;

export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

export const VIEWS = { topics: "streamside.topics", consumers: "streamside.consumers" } as const;

/** Kinds of webview panel. A kind is kept in saved window states, so it is never renamed. */
export const PANELS = { grid: "streamside.grid" } as const;

export const CONTEXT_KEYS = {
  /** The kind of the lab's status: stopped, starting, running, stopping or failed. */
  lab: "streamside.lab",
  /** True once the first list of topics has arrived from a running lab. */
  topicsLoaded: "streamside.topicsLoaded",
  /** The broker's own topics are shown too. */
  internalTopics: "streamside.internalTopics",
  /** True once the first list of consumer groups has arrived. */
  groupsLoaded: "streamside.groupsLoaded",
  /** True while a move runs that this window has started. */
  moving: "streamside.moving",
} as const;

export const SETTINGS = {
  section: "streamside",
  port: "lab.port",
  dataFolder: "lab.dataFolder",
  autoStart: "lab.autoStart",
  filters: "messages.filters",
  schemaRegistry: "schemaRegistry.url",
} as const;

/** Scheme of read-only documents that show one message. */
export const MESSAGE_SCHEME = "streamside";

/** Scheme of read-only documents that show one key or value as a decoder reads it. */
export const DECODED_SCHEME = "streamside-decoded";

/** Scheme of documents that are the configuration of a topic, and the end of their names. */
export const CONFIG_SCHEME = "streamside-config";
export const CONFIG_SUFFIX = ".topic.properties";
/** The language of these documents. */
export const CONFIG_LANGUAGE = "streamside-topic-config";

/** End of the name of a file whose messages are produced to the topic named before it. */
export const PRODUCE_SUFFIX = ".messages.jsonl";

/** Scheme of documents that are copies of messages to be edited and produced anew. */
export const EDIT_SCHEME = "streamside-edit";

/** Scheme of read-only documents that show what a template gives. */
export const PREVIEW_SCHEME = "streamside-preview";

/** Language of produce documents. */
export const PRODUCE_LANGUAGE = "streamside-messages";

/** What TreeItem.contextValue may be; menus in package.json are keyed by it. */
export const TREE_CONTEXT = {
  topic: "topic",
  partition: "partition",
  internalTopic: "internalTopic",
  internalPartition: "internalPartition",
  group: "group",
  /** A partition for which a group has committed an offset. */
  committed: "committed",
  /** One for which it has not. */
  uncommitted: "uncommitted",
} as const;
