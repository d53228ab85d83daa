/** The default theme in the lab's colors, with the parts that run code. */
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import '../../../src/ui/tokens.css';
import './site.css';
import HomeLab from './HomeLab.vue';
import Layout from './Layout.vue';
import RunBlock from './RunBlock.vue';

// biome-ignore lint/style/noDefaultExport: VitePress reads it
export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component('HomeLab', HomeLab);
    app.component('RunBlock', RunBlock);
  },
} satisfies Theme;
