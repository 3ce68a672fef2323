/**
 * Some hundreds of attempts to bring a script through a sanitiser: each way to run code, in each way to hide it. All call
 * `hit()`, so a browser can tell.
 */
const CALLS = ['hit()', 'window.hit()']

const ELEMENTS = [
  ...[
    '<script>CALL</script>',
    '<script src="data:text/javascript,CALL"></script>',
    '<script/x>CALL</script>',
    '<SCRIPT>CALL</SCRIPT>',
  ],
  ...[
    '<img src=x onerror=CALL>',
    '<img src="/news/pictures/x" onerror="CALL">',
    '<img/src=x/onerror=CALL>',
    "<img src='x'onerror='CALL'>",
  ],
  ...['<svg onload=CALL>', '<svg><script>CALL</script></svg>', '<svg><animate onbegin=CALL attributeName=x dur=1s>'],
  ...['<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=CALL></svg>#x"></use></svg>'],
  ...['<svg><a xlink:href="javascript:CALL"><text y=20>x</text></a></svg>', '<svg><set attributeName=onmouseover to=CALL>'],
  ...['<math><mtext><img src=x onerror=CALL></mtext></math>', '<math href="javascript:CALL">x</math>'],
  ...['<iframe src="javascript:CALL"></iframe>', '<iframe srcdoc="<script>parent.CALL</script>"></iframe>'],
  ...[
    '<object data="javascript:CALL"></object>',
    '<embed src="javascript:CALL">',
    '<body onload=CALL>',
    '<input autofocus onfocus=CALL>',
  ],
  ...['<details open ontoggle=CALL>x</details>', '<video><source onerror=CALL></video>', '<video src=x onerror=CALL></video>'],
  ...['<audio src=x onerror=CALL></audio>', '<marquee onstart=CALL>x</marquee>', '<select autofocus onfocus=CALL></select>'],
  ...['<textarea autofocus onfocus=CALL></textarea>', '<form><button formaction="javascript:CALL">x</button></form>'],
  ...[
    '<form action="javascript:CALL"><input type=submit></form>',
    '<isindex action="javascript:CALL">',
    '<base href="javascript:CALL//">',
  ],
  ...['<link rel=stylesheet href="data:text/css,*{x:expression(CALL)}">', '<style>@import "javascript:CALL";</style>'],
  ...['<p style="background:url(javascript:CALL)">x</p>', '<meta http-equiv=refresh content="0;url=javascript:CALL">'],
  ...['<p onclick=CALL onmouseover=CALL>x</p>', '<table background="javascript:CALL"><td>x</td></table>'],
  ...[
    '<td lang="x\" onclick=\"CALL">x</td>',
    '<template><img src=x onerror=CALL></template>',
    '<xss onpointerenter=CALL style=position:fixed>x',
  ],
]
const LINKS = [
  ...[
    'javascript:CALL',
    'JaVaScRiPt:CALL',
    ' javascript:CALL',
    'java\tscript:CALL',
    'java\nscript:CALL',
    '\u0001javascript:CALL',
  ],
  ...[
    '&#106;avascript:CALL',
    '&#x6A;avascript:CALL',
    'javascript&colon;CALL',
    'java&Tab;script:CALL',
    'java&NewLine;script:CALL',
  ],
  ...[
    'vbscript:CALL',
    'data:text/html,<script>CALL</script>',
    'data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==',
    'blob:CALL',
  ],
  ...['//evil.example/x', '/\\evil.example', '\\\\evil.example', 'https:javascript:CALL', 'filesystem:CALL', 'livescript:CALL'],
]
/** Markup that one parser reads in another way than the next (mutation XSS). */
const MUTATIONS = [
  ...[
    '<noscript><p title="</noscript><img src=x onerror=CALL>"></noscript>',
    '<style><img src="</style><img src=x onerror=CALL>"></style>',
  ],
  ...['<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=CALL&gt;">'],
  ...['<svg></p><style><a id="</style><img src=1 onerror=CALL>">', '<svg><desc><img src=x onerror=CALL></desc></svg>'],
  ...[
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=CALL>',
    '<xmp><p title="</xmp><img src=x onerror=CALL>">',
  ],
  ...[
    '<plaintext><img src=x onerror=CALL>',
    '<textarea><p title="</textarea><img src=x onerror=CALL>">',
    '<![CDATA[<img src=x onerror=CALL>]]>',
  ],
  ...[
    '<!--><img src=x onerror=CALL>-->',
    '<!--!><img src=x onerror=CALL>',
    '<? <img src=x onerror=CALL> ?>',
    '<!DOCTYPE x [<img src=x onerror=CALL>]>',
  ],
  ...[
    '&lt;img src=x onerror=CALL&gt;',
    '&amp;lt;script&amp;gt;CALL',
    '<<script>CALL//<</script>',
    '<scr<script>ipt>CALL</scr</script>ipt>',
  ],
  ...[
    '<img """><script>CALL</script>">',
    '<a href="x`onclick=`CALL">x</a>',
    '<p title=`"`onclick=CALL>x',
    '<iframe><p title="</iframe><img src=x onerror=CALL>">',
  ],
  ...[
    '<option><style></option></select><img src=x onerror=CALL></style>',
    '<table><style><a title="</style><img src=x onerror=CALL>">',
  ],
  ...[
    '<title><a title="</title><img src=x onerror=CALL>">',
    '<template><s><template><s><img src=x onerror=CALL>@shafigullin</s></template>',
  ],
]
const HIDINGS: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => payload.toUpperCase().replaceAll('HIT()', 'hit()').replaceAll('WINDOW.', 'window.'),
  (payload) => `<p><strong>${payload}`,
  (payload) => payload.replaceAll(' ', '\n'),
  (payload) => payload.replace(/<(\w)/, '<\u0000$1'),
  (payload) => payload.replaceAll('>', ' >').replace('=', ' = '),
]

export const XSS_PAYLOADS: readonly string[] = [
  ...[...ELEMENTS, ...MUTATIONS].flatMap((payload) => HIDINGS.map((hide) => hide(payload))),
  ...LINKS.flatMap((link) => [
    `<a href="${link}">x</a>`,
    `<a href='${link}' target=_top>x</a>`,
    `<img src="${link}">`,
    `<a href=${link}>x`,
  ]),
].flatMap((payload, index) => [payload.replaceAll('CALL', CALLS[index % CALLS.length] ?? 'hit()')])
