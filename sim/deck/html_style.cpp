// How the page of a deck looks. --u is a pixel of a slide of 1080 lines, --e the same by the scale of its words.
#include "sim/deck/html_parts.h"

namespace nutshell {

const std::string_view kHtmlStyle = R"css(
*{box-sizing:border-box;margin:0;padding:0}
html{--u:calc(min(100vw - 2rem,75rem)/1920);background:#E7E3DA;color:#141B24;
  font-family:Inter,"Inter Variable",system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,pre{font-family:"JetBrains Mono",ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-variant-ligatures:none}
main{padding:1rem}
.slide{width:calc(1920*var(--u));margin:0 auto 2.5rem;background:#FFF;border-radius:.4rem;overflow:hidden}
.face{--e:calc(var(--u)*var(--k));position:relative;width:calc(1920*var(--u));height:calc(1080*var(--u));overflow:hidden;
  background:var(--ground);color:var(--text)}
.content{position:absolute;inset:calc(76*var(--u)) calc(112*var(--u)) calc(100*var(--u));display:flex;flex-direction:column;
  justify-content:center;overflow:hidden}
.picture .content{justify-content:flex-start}
.half-left .content{left:calc(1040*var(--u))}
.half-right .content{right:calc(1040*var(--u))}
.content>*{flex:none}
.content>*+*{margin-top:calc(30*var(--e))}
.content>h1+h1,.content>h2+h2,.content>h3+h3{margin-top:calc(6*var(--e))}
h1,h2,h3{font-weight:300;line-height:1.16;color:var(--head);letter-spacing:-.015em;text-wrap:balance}
h4,h5,h6{font-weight:400;line-height:1.2;color:var(--head)}
h1 strong,h2 strong,h3 strong,h4 strong,h5 strong,h6 strong{font-weight:800;color:var(--head-strong)}
h1 em,h2 em,h3 em,h4 em{font-style:normal;font-weight:500}
h1 sub,h1 sup,h2 sub,h2 sup,h3 sub,h3 sup{font-size:.5em;font-weight:400}
.face p,.face li{line-height:1.4}
.face strong{font-weight:650;color:var(--strong)}
.face a{color:var(--link);text-underline-offset:.15em}
.face ul,.face ol{padding-left:1.1em;font-size:calc(48*var(--e))}
.face li+li{margin-top:.4em}
.face li>ul,.face li>ol{font-size:.9em}
.face li::marker{color:var(--muted)}
.face code{font-size:.88em}
.face pre{background:var(--panel);border-radius:calc(14*var(--u));padding:calc(26*var(--u)) calc(36*var(--u));line-height:1.45;
  overflow:auto}
.face pre code{font-size:1em}
.k{color:var(--link);font-weight:700}.t{color:var(--quoted)}.n{color:var(--number)}.c{color:var(--muted)}
table{border-collapse:collapse;align-self:flex-start}
.face th,.face td{text-align:left;padding:.36em 1.4em .36em 0;border-bottom:calc(1.5*var(--u)) solid var(--line);vertical-align:top}
.face tr:last-child td{border-bottom:0}
.face th{font-weight:500;font-size:.8em;color:var(--muted);border-bottom:calc(3*var(--u)) solid var(--muted)}
.face .right{text-align:right}.face .center{text-align:center}
blockquote{border-left:calc(8*var(--u)) solid var(--muted);padding-left:calc(44*var(--u))}
.face blockquote p{font-weight:300;line-height:1.3;text-wrap:balance}
blockquote footer{margin-top:.6em;color:var(--muted);font-size:calc(36*var(--e))}
.columns{display:flex;gap:calc(64*var(--u));min-height:0}
.columns>div{flex:1;min-width:0}
.columns>div>*+*{margin-top:calc(24*var(--e))}
.content>.row{flex:1 1 0;min-height:calc(360*var(--u));display:flex;gap:calc(40*var(--u))}
.row figure{flex:1 1 0;min-width:0;height:100%;display:flex;flex-direction:column;width:calc(100%*var(--part,1));margin:0 auto}
.row img{flex:1 1 0;min-height:0;width:100%;object-fit:contain}
figure.fill img{object-fit:cover}
.face figcaption{flex:none;padding-top:calc(10*var(--u));
  font-size:calc(32*var(--u));line-height:1.35;color:var(--text);white-space:pre-line}
figure.ground,figure.left,figure.right{position:absolute;inset:0}
figure.left{right:50%}figure.right{left:50%}
figure.ground img,figure.left img,figure.right img{width:100%;height:100%;object-fit:contain}
figure.ground.fill img,figure.left.fill img,figure.right.fill img{object-fit:cover}
figure.ground figcaption,figure.left figcaption,figure.right figcaption{position:absolute;left:0;right:0;bottom:0;background:var(--ground);
  padding:calc(10*var(--u)) calc(40*var(--u))}
.veil{position:absolute;inset:0;background:var(--ground);opacity:.6}
.missing{width:100%;height:100%;min-height:calc(200*var(--u));display:flex;flex-direction:column;align-items:center;justify-content:center;
  border:calc(3*var(--u)) dashed var(--muted);border-radius:calc(14*var(--u));color:var(--muted);
  font-size:calc(30*var(--u));text-align:center}
.ground .missing{align-items:flex-end;justify-content:flex-end;padding:calc(30*var(--u)) calc(40*var(--u))}
.foot{position:absolute;left:calc(112*var(--u));right:calc(112*var(--u));bottom:calc(28*var(--u));
  display:flex;justify-content:space-between;
  color:var(--muted);font-size:calc(26*var(--u))}
.notes{display:flow-root;padding:1.1rem 1.4rem 1.3rem;font-size:.95rem;line-height:1.5}
.notes p+p,.notes ul+p,.notes p+ul{margin-top:.55rem}
.notes ul,.notes ol{padding-left:1.3em}
.notes .end{float:right;width:40%;margin:0 0 .8rem 1.2rem}
.notes .end img{width:100%;border:1px solid #D8D3C7;border-radius:.3rem}
.notes .end figcaption{font-size:.8rem;color:#5E6875}
/* One slide at a time, as soon as the script runs. */
.show{--u:min(100vw/1920,100vh/1080);background:#000;overflow:hidden}
.show main{padding:0}
.show .slide{display:none;margin:0;border-radius:0;background:none;width:100vw;height:100vh}
.show .slide.now{display:flex;flex-direction:column;align-items:center;justify-content:center}
.show .notes{display:none}
.show [data-build].later{visibility:hidden}
.begin{display:contents}
.staged .end{display:none}
.staged .ended>.end{display:contents}
.staged .ended>.begin{display:none}
.show.noted{--u:min(100vw/1920,66vh/1080)}
.show.noted .slide.now{justify-content:flex-start}
.show.noted .notes{display:block;width:100%;height:34vh;overflow:auto;background:#FFF;color:#141B24;font-size:1.1rem}
.show.blank main{visibility:hidden}
.all{--u:calc(21vw/1920);background:#E7E3DA;overflow:auto}
.all main{display:flex;flex-wrap:wrap;gap:2vw;padding:3vw 4vw;visibility:visible}
.all .slide{display:block;width:auto;height:auto;cursor:pointer;border-radius:.3rem;outline:1px solid #BFB9AB;margin:0}
.all .slide.now{outline:.3rem solid #0B6BC4}
.all .notes{display:none}
.help{position:fixed;inset:auto 1rem 1rem auto;background:#141B24;color:#EEF2F6;border-radius:.5rem;padding:1rem 1.3rem;font-size:.95rem;
  line-height:1.7;z-index:9;white-space:pre-line}
.help[hidden]{display:none}
@media print{
  @page{size:A4;margin:14mm}
  html,.show,.show.noted,.all{--u:calc(120mm/1920);background:none;overflow:visible}
  *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
  main,.all main{display:block;padding:0;visibility:visible!important}
  .slide,.show .slide,.show .slide.now{display:block;width:auto;height:auto;break-inside:avoid;margin:0 0 7mm;border-radius:0}
  .face{outline:.3mm solid #BFB9AB}
  .notes,.show .notes,.show.noted .notes{display:flow-root;height:auto;padding:3mm 0 0;font-size:9.5pt;line-height:1.4}
  .notes .end{width:30%}
  .show [data-build].later{visibility:visible}
  .help{display:none}
}
)css";

}  // namespace nutshell
