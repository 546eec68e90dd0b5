/* What the page does by itself: autosave, selection, jumps, shortcuts. Nothing is loaded from anywhere. */
(() => {
    const PAUSE = 1200;
    const IDLE = 6000;
    const PATIENCE = 10000;
    const KEY = 'gonghui-unsaved';
    const find = selector => document.querySelector(selector);
    const box = () => find('#text textarea');
    const here = () => document.getElementById('here');
    const shown = element => element && element.offsetParent !== null;
    const press = selector => {
        const hit = find(selector);
        const button = hit && (hit.tagName === 'BUTTON' ? hit : hit.querySelector('button'));
        if (button && !button.disabled) button.click();
        return Boolean(button);
    };
    let timer = 0;
    /* What is typed and not yet saved: {draft, section, revision it was made of, text}; null where nothing is. */
    let made = null;
    /* Until when a save or a look may be under way. Only one is: none answers for what another changed. */
    let busy = 0;
    /* When something was last done on the page, or looked for; 0 asks for a look. */
    let last = Date.now();

    /* The program counts characters, the browser counts halves of some of them. */
    const count = text => Array.from(text).length;
    const units = (text, number) => Array.from(text).slice(0, number).join('').length;

    const span = () => {
        const text = box();
        if (!text) return '0:0';
        const upTo = place => count(text.value.slice(0, place));
        return `${upTo(text.selectionStart)}:${upTo(text.selectionEnd)}`;
    };

    const setText = (text, value) => {
        const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(text), 'value').set;
        setter.call(text, value);
        text.dispatchEvent(new Event('input', {bubbles: true}));
    };

    const at = place => {
        const now = here() && here().dataset;
        return Boolean(place && now && now.draft === place.draft && now.section === place.section);
    };

    /* What is typed is kept in the browser, and the program told of which revision it was made. */
    const make = ({draft, section, revision}) => {
        made = {draft, section, revision, text: box().value};
        localStorage.setItem(KEY, JSON.stringify(made));
        document.body.dataset.unsaved = '1';
        tellBase(`${section}:${revision}`);
    };

    const forget = () => {
        if (made) localStorage.removeItem(KEY);
        made = null;
        delete document.body.dataset.unsaved;
        tellBase('');
    };

    const tellBase = value => {
        const base = find('#base textarea, #base input');
        if (base && base.value !== value) setText(base, value);
    };

    const ask = selector => {
        busy = Date.now() + PATIENCE;
        press(selector);
    };

    const save = () => {
        clearTimeout(timer);
        timer = Date.now() < busy ? setTimeout(save, 100) : 0;
        if (!timer) ask('#autosave');
    };

    /* What is pressed now would cross a look on its way. */
    const look = () => {
        const now = Date.now();
        if (made || now < busy || now - last < IDLE || !shown(find('#nav'))) return;
        last = now;
        ask('#look');
    };

    window.gonghui = {
        /* The last input of a handler becomes what is selected in the text. */
        withSpan: (...values) => [...values.slice(0, -1), span()],
        /* What the box shows is saved; what was typed since was made of that. */
        saved: () => {
            busy = 0;
            if (!timer) forget();
            else if (at(made)) make(here().dataset);
        },
        /* What was typed while another text was on its way into the box is typed in again, as made of the
           older one: saving it lists the differences. `otherwise` is done where there is none. */
        typedOn: otherwise => setTimeout(() => {
            busy = 0;
            const text = box();
            const over = timer && at(made) && text && !text.disabled && text.value !== made.text;
            if (over) setText(text, made.text);
            else if (otherwise) otherwise();
        }, 60),
        /* What was typed when the program or the browser went away is typed in again. */
        loaded: () => setTimeout(() => {
            const kept = JSON.parse(localStorage.getItem(KEY) || 'null');
            const text = box();
            if (made || !at(kept) || !text || text.disabled) return;
            made = kept;
            if (text.value === kept.text) forget();
            else setText(text, kept.text);
        }, 150),
        jump: where => setTimeout(() => {
            const text = box();
            const caret = (where || '').endsWith('!');
            const [start, end] = (where || '').replace('!', '').split(':').map(Number);
            if (!text || !(end > start || caret)) return;
            text.focus({preventScroll: true});
            text.setSelectionRange(units(text.value, start), units(text.value, end));
            const lines = text.value.slice(0, text.selectionStart).split('\n').length;
            const share = text.scrollHeight * text.selectionStart / Math.max(1, text.value.length);
            text.scrollTop = Math.max(0, share - text.clientHeight / 2);
            text.scrollIntoView({block: lines > 8 ? 'center' : 'nearest'});
        }, 120),
        /* The printed page is turned to the section worked on. */
        turn: () => setTimeout(() => {
            const view = find('#preview .sheets'), now = view && view.querySelector('.now');
            if (now && shown(view)) view.scrollTo({top: Math.max(0, now.offsetTop - 60), behavior: 'smooth'});
        }, 120),
    };

    document.addEventListener('input', event => {
        if (!event.target.closest || !event.target.closest('#text')) return;
        if (here()) make(at(made) ? made : here().dataset);
        clearTimeout(timer);
        timer = setTimeout(save, PAUSE);
    });

    document.addEventListener('selectionchange', () => {
        const text = box(), tell = find('#selected');
        if (!tell || !text || document.activeElement !== text) return;
        const [start, end] = span().split(':').map(Number);
        tell.textContent = end > start ? `只改选中的 ${end - start} 字所在的句子` : '改整节；选中几句就只改那几句';
    });

    document.addEventListener('click', event => {
        const toggle = event.target.closest && event.target.closest('.change .toggle');
        if (!toggle) return;
        const change = toggle.closest('.change'), offer = toggle.closest('.offer');
        const left = change.classList.toggle('left');
        toggle.setAttribute('aria-pressed', left);
        toggle.textContent = left ? '还是用' : '不用';
        const number = offer && offer.querySelector('[data-place=take] .n');
        if (number) number.textContent = `（${offer.querySelectorAll('.change:not(.left)').length} 处）`;
    });

    const section = by => {
        const all = [...document.querySelectorAll('#nav .sections button')];
        const at = all.findIndex(button => button.getAttribute('aria-current') === 'true');
        const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
        if (next) next.click();
    };
    const tab = number => {
        const all = document.querySelectorAll('#panels [role=tab]');
        if (all[number]) all[number].click();
    };
    const help = () => {
        const keys = document.getElementById('keys');
        if (keys) keys.togglePopover();
    };
    const enter = () => {
        if (shown(find('#offer [data-place=take]'))) return find('#offer [data-place=take]').click();
        if (document.activeElement.closest('#wish')) return press('#rewrite');
        if (shown(find('#start'))) return press('#start');
        return shown(find('#understand')) && press('#understand');
    };

    document.addEventListener('keydown', event => {
        const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
        const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
        const command = event.ctrlKey || event.metaKey;
        const done = action => { event.preventDefault(); action(); };
        if (command && event.key.toLowerCase() === 's') return done(save);
        if (command && event.key === 'Enter') return done(enter);
        if (plain && event.key === 'Escape' && shown(find('#offer [data-place=drop]'))) {
            return done(() => find('#offer [data-place=drop]').click());
        }
        if (plain && event.key === '?' && !typing) return done(help);
        if (!event.altKey || command || !shown(find('#nav'))) return undefined;
        if (event.key === 'ArrowUp') return done(() => section(-1));
        if (event.key === 'ArrowDown') return done(() => section(1));
        if (event.code === 'KeyZ') return done(() => press('#undo'));
        if (event.code === 'KeyY') return done(() => press('#redo'));
        if (event.code === 'KeyW') return done(() => { const wish = find('#wish textarea, #wish input'); if (wish) wish.focus(); });
        if (event.code === 'KeyE') return done(() => { if (box()) box().focus(); });
        if (/^Digit[1-5]$/.test(event.code)) return done(() => tab(Number(event.code.slice(5)) - 1));
        return undefined;
    });

    /* What gradio itself says in English when the program does not answer. */
    const LOST = 'Connection to the server was lost';
    const TOLD = '程序没有应答，正在重新连接。如果窗口已经关了，请重新启动程序；没存上的字还留在这个浏览器里。';
    new MutationObserver(() => document.querySelectorAll('.toast-text, .toast-message-text').forEach(told => {
        if (told.textContent.includes(LOST)) told.textContent = TOLD;
    })).observe(document.documentElement, {childList: true, subtree: true});

    ['click', 'input', 'keydown'].forEach(kind => document.addEventListener(kind, () => { last = Date.now(); }, true));
    window.addEventListener('focus', () => { last = 0; });
    setInterval(look, 1000);
})();
