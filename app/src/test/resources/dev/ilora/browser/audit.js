// Looks at the page it runs in: what there is, and what is wrong. Its value goes to PageCheck.
(() => {
  const findings = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const brief = (element) =>
    `<${element.localName}> "${(element.textContent || '').trim().slice(0, 40)}"`;
  const elements = all('*').map((element) => element.localName);

  const overflow = (when) => {
    const width = document.scrollingElement.scrollWidth;
    if (width > innerWidth) {
      const wide = all('body *').filter((e) =>
        e.getBoundingClientRect().right > innerWidth + 1 && !e.parentElement.closest('.wide'));
      findings.push(`${when} the page is ${width} px wide in a window of ${innerWidth}: ` +
        wide.slice(0, 3).map(brief).join('; '));
    }
  };
  overflow('folded,');
  all('details').forEach((fold) => { fold.open = true; });
  overflow('unfolded,');

  if (document.compatMode !== 'CSS1Compat') findings.push('no doctype');
  if (!document.documentElement.lang) findings.push('no language');
  if (!document.title) findings.push('no title');
  if (all('h1').length !== 1) findings.push(`${all('h1').length} headings h1`);
  let level = 0;
  all('h1,h2,h3,h4,h5,h6').forEach((heading) => {
    const own = Number(heading.localName[1]);
    if (own > level + 1) findings.push(`${brief(heading)} follows a heading h${level}`);
    level = own;
  });
  const ids = all('[id]').map((element) => element.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => findings.push(`id ${id} twice`));

  all('table').forEach((table) => {
    if (!table.caption || !table.caption.textContent.trim()) {
      findings.push(`no caption: ${brief(table)}`);
    }
    [...table.querySelectorAll('th')].filter((cell) => !cell.scope)
      .forEach((cell) => findings.push(`no scope: ${brief(cell)}`));
  });
  all('svg').filter((svg) => svg.getAttribute('aria-hidden') !== 'true' &&
    !(svg.getAttribute('role') === 'img' && svg.getAttribute('aria-label')))
    .forEach((svg) => findings.push(`a drawing without a name in ${brief(svg.parentElement)}`));
  all('body *').filter((box) => box.scrollWidth > box.clientWidth + 1 &&
    /auto|scroll/.test(getComputedStyle(box).overflowX))
    .filter((box) => box.tabIndex < 0 || !box.getAttribute('aria-label'))
    .forEach((box) => findings.push(`cannot be moved by keyboard: ${brief(box)}`));
  all('summary,[tabindex]').forEach((element) => {
    element.focus({preventScroll: true});
    const style = getComputedStyle(element);
    if (document.activeElement !== element) {
      findings.push(`cannot be focused: ${brief(element)}`);
    } else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) === 0) {
      findings.push(`focus is not seen: ${brief(element)}`);
    }
  });

  // Contrast, WCAG 2.1: (L1 + 0.05) / (L2 + 0.05) of relative luminances, colours laid over each other.
  const colour = (text) => {
    const numbers = (text.match(/[\d.]+(e-?\d+)?/g) || []).map(Number);
    const unit = text.startsWith('color(') ? 255 : 1;
    const [r, g, b, a = 1] = numbers;
    return [r * unit, g * unit, b * unit, a];
  };
  const over = (top, below) =>
    [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.push(colour(getComputedStyle(e).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const luminance = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, share, i) => {
    const v = c[i] / 255;
    return sum + share * (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const poor = new Map();
  let least = 21;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('title')) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const ink = over(colour(element.closest('svg') ? style.fill : style.color), below);
    const [high, low] = [luminance(ink), luminance(below)].sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    least = Math.min(least, contrast);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (contrast < needed) poor.set(`${style.color} of ${brief(element)}`, contrast);
  }
  [...poor].slice(0, 5).forEach(([what, contrast]) =>
    findings.push(`contrast ${contrast.toFixed(2)}: ${what}`));

  const facts = `"${document.title}", ${all('h2').length} sections, ${all('table').length} tables, ` +
    `${all('figure').length} charts, ${all('details').length} folds, ` +
    `${document.scrollingElement.scrollWidth} of ${innerWidth} px wide, ` +
    `least contrast ${least.toFixed(2)}`;
  return {findings, facts, elements};
})()
