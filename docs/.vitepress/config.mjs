import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('..', import.meta.url));
const github = 'https://github.com/ddad-js/ddad';

const page = (text, name) => ({ text, link: `/${name}` });
const titleOf = (path) => readFileSync(`${docs}${path}`, 'utf8').match(/^# (.*)$/m)[1];
const pagesIn = (folder) =>
  readdirSync(`${docs}${folder}`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => page(titleOf(`${folder}/${name}`), `${folder}/${name.slice(0, -3)}`));

/** Links that leave the docs lead to the repository. */
function outwards(md) {
  md.core.ruler.push('links-to-repository', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' && token.attrGet('href');
      if (href && /^(\.\.\/)+(?!\.)/.test(href) && !/^\.\.\/[\w-]+\.md(#.*)?$/.test(href)) {
        token.attrSet('href', `${github}/blob/main/${href.replace(/^(\.\.\/)+/, '')}`);
      }
    }
  });
}

/** Indented code looks, and scrolls, as fenced code does. */
function fenced(md) {
  md.core.ruler.push('indented-as-fenced', ({ tokens }) => {
    for (const token of tokens.filter(({ type }) => type === 'code_block')) {
      Object.assign(token, { type: 'fence', info: 'text', tag: 'code' });
    }
  });
}

export default {
  title: 'ddad',
  description: 'Finds defects in pictures after seeing good ones only.',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  lastUpdated: false,
  srcExclude: ['node_modules/**'],
  markdown: {
    config(md) {
      outwards(md);
      fenced(md);
    },
    languageAlias: { text: 'txt' },
  },
  themeConfig: {
    nav: [page('Guide', 'guide'), page('Commands', 'commands'), page('API', 'api/ddad')],
    sidebar: [
      {
        text: 'Start',
        items: [
          page('From pictures to a detector', 'guide'),
          page('How it works', 'method'),
          page('Choosing settings', 'settings'),
          page('What goes in', 'inputs'),
          page('How many good pictures', 'good-images'),
          page('Troubleshooting', 'troubleshooting'),
        ],
      },
      {
        text: 'Tasks',
        items: [
          page('Tuning', 'tune'),
          page('Thresholds one can sign', 'thresholds'),
          page('The inspection station', 'serve'),
          page('Watching a folder', 'watch'),
          page('One file, other programs', 'export'),
          page("The paper's tables", 'reproduce'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Commands', 'commands'),
          page('Configuration', 'config'),
          page('What --json prints', 'json'),
          page('Errors', 'errors'),
          { text: 'API', collapsed: true, items: pagesIn('api') },
        ],
      },
      {
        text: 'Machines',
        items: [
          page('GPUs', 'gpu'),
          page('TensorFlow', 'tensorflow'),
          page('Without a network', 'air-gapped'),
        ],
      },
      {
        text: 'Background',
        items: [
          page('Coming from Python', 'migrate'),
          page('Deviations', 'deviations'),
          page('The embedded features', 'embedded'),
          page('Architecture', 'architecture'),
          { text: 'Decisions', collapsed: true, items: pagesIn('decisions') },
          page('How to cite', 'cite'),
        ],
      },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: github }],
    footer: { message: 'MIT' },
  },
};
