<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>About</name>
    <message>
        <source>Licence of the program: Apache-2.0.</source>
        <translation>程序许可证：Apache-2.0。</translation>
    </message>
    <message>
        <source>About Cranioscope</source>
        <translation>关于 Cranioscope</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Intended use</source>
        <translation>预期用途</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model is in use.</source>
        <translation>没有在用的模型。</translation>
    </message>
    <message>
        <source>Out-of-fold validation</source>
        <translation>折外验证</translation>
    </message>
    <message>
        <source>{0} images, {1} with the finding, {2} without</source>
        <translation>{0} 幅图像，{1} 幅有发现，{2} 幅无发现</translation>
    </message>
    <message>
        <source>Internal test</source>
        <translation>内部测试</translation>
    </message>
    <message>
        <source>Operating point</source>
        <translation>工作点</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>折</translation>
    </message>
    <message>
        <source>Licence of the data</source>
        <translation>数据许可证</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>运行于</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{0} true positive, {1} false positive, {2} true negative, {3} false negative</source>
        <translation>真阳性 {0}，假阳性 {1}，真阴性 {2}，假阴性 {3}</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>System</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>清空此列表</translation>
    </message>
    <message>
        <source>Next flagged, unread series</source>
        <translation>下一个已标记的未读序列</translation>
    </message>
    <message>
        <source>Previous flagged, unread series</source>
        <translation>上一个已标记的未读序列</translation>
    </message>
    <message>
        <source>{0} without a result so far</source>
        <translation>{0} 个尚无结果</translation>
    </message>
    <message>
        <source>hidden by the filter: {0}</source>
        <translation>被筛选隐藏：{0}</translation>
    </message>
    <message>
        <source>Open sample images</source>
        <translation>打开示例图像</translation>
    </message>
    <message>
        <source>Remember opened folders</source>
        <translation>记住打开过的文件夹</translation>
    </message>
    <message>
        <source>Use the built-in model</source>
        <translation>使用内置模型</translation>
    </message>
    <message>
        <source>Group images by file name…</source>
        <translation>按文件名对图像分组…</translation>
    </message>
    <message>
        <source>Stop scoring</source>
        <translation>停止评分</translation>
    </message>
    <message>
        <source>Model input</source>
        <translation>模型输入</translation>
    </message>
    <message>
        <source>Coronal and sagittal planes</source>
        <translation>冠状面和矢状面</translation>
    </message>
    <message>
        <source>Planes</source>
        <translation>平面重建</translation>
    </message>
    <message>
        <source>Planes: thicker slab</source>
        <translation>平面：加厚层块</translation>
    </message>
    <message>
        <source>Planes: thinner slab</source>
        <translation>平面：减薄层块</translation>
    </message>
    <message>
        <source>Planes: slab as maximum, not mean</source>
        <translation>平面：层块取最大值而非平均值</translation>
    </message>
    <message>
        <source>Two series side by side</source>
        <translation>两个序列并排显示</translation>
    </message>
    <message>
        <source>2 series</source>
        <translation>双序列</translation>
    </message>
    <message>
        <source>Side by side: next series of the patient</source>
        <translation>并排：该患者的下一个序列</translation>
    </message>
    <message>
        <source>Side by side: scroll both together</source>
        <translation>并排：两侧同步翻层</translation>
    </message>
    <message>
        <source>Overlay text: all, minimal, none</source>
        <translation>叠加文字：全部、最少、无</translation>
    </message>
    <message>
        <source>Image only</source>
        <translation>仅图像</translation>
    </message>
    <message>
        <source>Save this window to key {0}</source>
        <translation>将此窗口保存到按键 {0}</translation>
    </message>
    <message>
        <source>Custom window on key {0}</source>
        <translation>按键 {0} 上的自定义窗口</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>全部范围</translation>
    </message>
    <message>
        <source>Invert grey</source>
        <translation>反转灰度</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Fit to view</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Exit this mode, or reset the view</source>
        <translation>退出当前状态，否则复位视图</translation>
    </message>
    <message>
        <source>Move the focus to the viewer</source>
        <translation>将按键焦点交给阅片区</translation>
    </message>
    <message>
        <source>Undo measurement</source>
        <translation>撤销测量</translation>
    </message>
    <message>
        <source>Redo measurement</source>
        <translation>重做测量</translation>
    </message>
    <message>
        <source>Remove the last measurement</source>
        <translation>删除最后一个测量</translation>
    </message>
    <message>
        <source>Remove all measurements of this image</source>
        <translation>删除此图像的全部测量</translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation>上一层</translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation>下一层</translation>
    </message>
    <message>
        <source>Ten slices back</source>
        <translation>后退十层</translation>
    </message>
    <message>
        <source>Ten slices forward</source>
        <translation>前进十层</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>第一层</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>最后一层</translation>
    </message>
    <message>
        <source>Next series</source>
        <translation>下一序列</translation>
    </message>
    <message>
        <source>{0} present</source>
        <translation>有{0}</translation>
    </message>
    <message>
        <source>{0} absent</source>
        <translation>无{0}</translation>
    </message>
    <message>
        <source>Series: {0}</source>
        <translation>序列：{0}</translation>
    </message>
    <message>
        <source>Previous series</source>
        <translation>上一序列</translation>
    </message>
    <message>
        <source>Cine</source>
        <translation>电影播放</translation>
    </message>
    <message>
        <source>Lower the threshold</source>
        <translation>降低阈值</translation>
    </message>
    <message>
        <source>Raise the threshold</source>
        <translation>提高阈值</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>热力图</translation>
    </message>
    <message>
        <source>Four windows side by side</source>
        <translation>四窗并排</translation>
    </message>
    <message>
        <source>Hide identity</source>
        <translation>隐藏身份信息</translation>
    </message>
    <message>
        <source>Drag down to brighten</source>
        <translation>向下拖动变亮</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>4 windows</source>
        <translation>四窗</translation>
    </message>
    <message>
        <source>Window from the file</source>
        <translation>文件自带窗</translation>
    </message>
    <message>
        <source>Previous flagged series</source>
        <translation>上一个已标记序列</translation>
    </message>
    <message>
        <source>Next flagged series</source>
        <translation>下一个已标记序列</translation>
    </message>
    <message>
        <source>Next unread series</source>
        <translation>下一个未阅序列</translation>
    </message>
    <message>
        <source>Previous unread series</source>
        <translation>上一个未阅序列</translation>
    </message>
    <message>
        <source>Cine: play or stop</source>
        <translation>电影播放：播放或停止</translation>
    </message>
    <message>
        <source>Next flagged image</source>
        <translation>下一幅已标记图像</translation>
    </message>
    <message>
        <source>No other flagged image here</source>
        <translation>没有其他已标记的图像</translation>
    </message>
    <message>
        <source>No other flagged, unread series here</source>
        <translation>没有其他已标记且未阅的序列</translation>
    </message>
    <message>
        <source>No other flagged series here</source>
        <translation>没有其他已标记的序列</translation>
    </message>
    <message>
        <source>No other unread series here</source>
        <translation>没有其他未阅的序列</translation>
    </message>
    <message>
        <source>Previous flagged image</source>
        <translation>上一幅已标记图像</translation>
    </message>
    <message>
        <source>Default threshold</source>
        <translation>默认阈值</translation>
    </message>
    <message>
        <source>Raise confidence (series)</source>
        <translation>提高置信度（序列）</translation>
    </message>
    <message>
        <source>Lower confidence (series)</source>
        <translation>降低置信度（序列）</translation>
    </message>
    <message>
        <source>Write a comment</source>
        <translation>填写备注</translation>
    </message>
    <message>
        <source>Mark or unmark series as read</source>
        <translation>将序列标为已阅或取消</translation>
    </message>
    <message>
        <source>Mark or unmark as key image</source>
        <translation>标记或取消关键图像</translation>
    </message>
    <message>
        <source>Next key image of the series</source>
        <translation>序列的下一幅关键图像</translation>
    </message>
    <message>
        <source>Export the key images of the series…</source>
        <translation>导出序列的关键图像…</translation>
    </message>
    <message>
        <source>Copy image with caption</source>
        <translation>复制图像及说明</translation>
    </message>
    <message>
        <source>Read before AI (blinded)</source>
        <translation>先于 AI 阅片（盲法）</translation>
    </message>
    <message>
        <source>Each folder of images is one series of one patient</source>
        <translation>每个图像文件夹为一名患者的一个序列</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>按键与鼠标</translation>
    </message>
    <message>
        <source>About Cranioscope</source>
        <translation>关于 Cranioscope</translation>
    </message>
</context>
<context>
    <name>EvidenceView</name>
    <message>
        <source>Without a model there is no evidence.</source>
        <translation>没有模型，因此没有证据。</translation>
    </message>
    <message>
        <source>Validation (optimistic), per image: sensitivity {0}, specificity {1}</source>
        <translation>验证（按图像计，偏乐观）：灵敏度 {0}，特异度 {1}</translation>
    </message>
    <message>
        <source>Internal test, per image: sensitivity {0}, specificity {1}</source>
        <translation>内部测试（按图像计）：灵敏度 {0}，特异度 {1}</translation>
    </message>
    <message>
        <source>Validation images (n = {0}; also used to choose model and threshold, so optimistic; 95 % CI)</source>
        <translation>验证图像（n = {0}；亦用于选择模型与阈值，故偏乐观；95 % CI）</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>灵敏度</translation>
    </message>
    <message>
        <source>Specificity</source>
        <translation>特异度</translation>
    </message>
    <message>
        <source>There is no internal test.</source>
        <translation>没有内部测试。</translation>
    </message>
    <message>
        <source>Internal test ({0} images), default threshold: sensitivity {1}, specificity {2}</source>
        <translation>内部测试（{0} 幅图像），默认阈值：灵敏度 {1}，特异度 {2}</translation>
    </message>
    <message>
        <source>Enter a prevalence for 1 − PPV and 1 − NPV.</source>
        <translation>输入患病率后显示 1 − PPV 和 1 − NPV。</translation>
    </message>
    <message>
        <source>From the validation images, so optimistic.</source>
        <translation>来自验证图像，因此偏乐观。</translation>
    </message>
    <message>
        <source>From the internal test ({0} images).</source>
        <translation>来自内部测试（{0} 幅图像）。</translation>
    </message>
    <message>
        <source>Flagged images without the finding (1 − PPV): {0}</source>
        <translation>已标记图像中无发现者（1 − PPV）：{0}</translation>
    </message>
    <message>
        <source>Images with the finding among those not flagged (1 − NPV): {0}</source>
        <translation>未标记图像中有发现者（1 − NPV）：{0}</translation>
    </message>
    <message>
        <source>{0} ({1:.1f}–{2:.1f})</source>
        <translation>{0}（{1:.1f}–{2:.1f}）</translation>
    </message>
    <message>
        <source>not entered</source>
        <translation>未输入</translation>
    </message>
    <message>
        <source>Expected prevalence (images)</source>
        <translation>预期患病率（图像）</translation>
    </message>
    <message>
        <source>At the expected prevalence. In brackets: the range with sensitivity and specificity at the limits of their 95 % CI.</source>
        <translation>按预期患病率。括号内：灵敏度与特异度取其 95 % CI 上下限时的范围。</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Export the tables</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>{0} is an earlier export. Replace it?</source>
        <translation>{0} 是此前的导出文件。是否替换？</translation>
    </message>
    <message>
        <source>{0} was not written by this program. Replace it?</source>
        <translation>{0} 不是由本程序写入的。是否替换？</translation>
    </message>
    <message>
        <source>{0} is a link. Replace the file that it leads to?</source>
        <translation>{0} 是链接。是否替换其指向的文件？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Written: {0}, {1} and {2}.</source>
        <translation>已写入：{0}、{1} 和 {2}。</translation>
    </message>
    <message>
        <source>Scoring is not finished: {0} images were left out.</source>
        <translation>评分未完成：{0} 幅图像未处理。</translation>
    </message>
    <message>
        <source>Choose another place…</source>
        <translation>选择其他位置…</translation>
    </message>
    <message>
        <source>Write {0}</source>
        <translation>写入 {0}</translation>
    </message>
    <message>
        <source>There are no scores to export: no model is in use.</source>
        <translation>没有可导出的评分：没有在用的模型。</translation>
    </message>
    <message>
        <source>There is nothing to export yet.</source>
        <translation>尚无可导出的内容。</translation>
    </message>
</context>
<context>
    <name>GroupDialog</name>
    <message>
        <source>Group images by file name</source>
        <translation>按文件名对图像分组</translation>
    </message>
    <message>
        <source>These images do not say whose they are. {patient} stands for the part of the name that all images of one patient share, * for anything.</source>
        <translation>这些图像未说明属于谁。{patient} 代表同一患者所有图像名称中相同的部分，* 代表任意内容。</translation>
    </message>
    <message>
        <source>Pattern of the names</source>
        <translation>名称模式</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Do not group</source>
        <translation>不分组</translation>
    </message>
    <message>
        <source>Groups: {0} · images in no group, without a series result: {1}</source>
        <translation>组：{0} · 未分组且无序列结果的图像：{1}</translation>
    </message>
    <message>
        <source>A pattern has {patient} once, and at most three *.</source>
        <translation>模式须含一个 {patient}，且最多三个 *。</translation>
    </message>
</context>
<context>
    <name>HeatPanel</name>
    <message>
        <source>Opacity of the heat map</source>
        <translation>热力图不透明度</translation>
    </message>
</context>
<context>
    <name>ImageArea</name>
    <message>
        <source>The image is being read.</source>
        <translation>正在读取图像。</translation>
    </message>
    <message>
        <source>Why there is no image</source>
        <translation>没有图像的原因</translation>
    </message>
    <message>
        <source>Slices of this series; flagged and uncertain ones are marked</source>
        <translation>本序列的各层；已标记和不确定的层以颜色显示</translation>
    </message>
</context>
<context>
    <name>ImageReading</name>
    <message>
        <source>Agrees with AI</source>
        <translation>与 AI 一致</translation>
    </message>
    <message>
        <source>Disagrees with AI</source>
        <translation>与 AI 不一致</translation>
    </message>
    <message>
        <source>Key image</source>
        <translation>关键图像</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Comment on this image</source>
        <translation>对此图像的备注</translation>
    </message>
</context>
<context>
    <name>ImagesPane</name>
    <message>
        <source>{0} shown, {1} hidden by the filter</source>
        <translation>显示 {0} 行，筛选隐藏 {1} 行</translation>
    </message>
    <message>
        <source>{0} shown, none hidden</source>
        <translation>显示 {0} 行，无隐藏</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search names and reasons</source>
        <translation>搜索名称和原因</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Assessed</source>
        <translation>已评估</translation>
    </message>
    <message>
        <source>Not assessed</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>未阅</translation>
    </message>
    <message>
        <source>Flagged only</source>
        <translation>仅已标记</translation>
    </message>
    <message>
        <source>Show only images at or above the threshold</source>
        <translation>仅显示达到或高于阈值的图像</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>With a warning</source>
        <translation>有警告</translation>
    </message>
    <message>
        <source>Key images</source>
        <translation>关键图像</translation>
    </message>
    <message>
        <source>Rows to show</source>
        <translation>要显示的行</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
</context>
<context>
    <name>ImagesTable</name>
    <message>
        <source>Image {0}</source>
        <translation>图像 {0}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>KeyImages</name>
    <message>
        <source>Image copied</source>
        <translation>图像已复制</translation>
    </message>
    <message>
        <source>Folder for the key images</source>
        <translation>关键图像的文件夹</translation>
    </message>
    <message>
        <source>Not all key images could be written: {0}</source>
        <translation>未能写入全部关键图像：{0}</translation>
    </message>
    <message>
        <source>Key images written: {0}</source>
        <translation>已写入关键图像：{0}</translation>
    </message>
    <message>
        <source>Images that could not be read, or have changed: {0}</source>
        <translation>无法读取或已更改的图像：{0}</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>In a list</source>
        <translation>在列表中</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>鼠标</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>按键与鼠标</translation>
    </message>
    <message>
        <source>Previous or next line</source>
        <translation>上一行或下一行</translation>
    </message>
    <message>
        <source>Ten lines back or forward</source>
        <translation>后退或前进十行</translation>
    </message>
    <message>
        <source>First or last line to be seen</source>
        <translation>可见的第一行或最后一行</translation>
    </message>
    <message>
        <source>Worklist: open or close a patient</source>
        <translation>工作列表：展开或收起患者</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>The image was not on screen yet: nothing was done</source>
        <translation>图像尚未显示：未执行任何操作</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Image</source>
        <translation>图像(&amp;I)</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>窗预设</translation>
    </message>
    <message>
        <source>Left button</source>
        <translation>左键</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Threshold</source>
        <translation>阈值(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Reading</source>
        <translation>阅片(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>最近的文件夹</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>Mouse</name>
    <message>
        <source>Left drag</source>
        <translation>左键拖动</translation>
    </message>
    <message>
        <source>Window: width and level</source>
        <translation>窗宽与窗位</translation>
    </message>
    <message>
        <source>Left click</source>
        <translation>左键单击</translation>
    </message>
    <message>
        <source>In planes: put the cross-hair here</source>
        <translation>在平面中：将十字线移到此处</translation>
    </message>
    <message>
        <source>Ctrl+left drag</source>
        <translation>Ctrl+左键拖动</translation>
    </message>
    <message>
        <source>Window, four times faster</source>
        <translation>调窗，速度四倍</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>中键拖动</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>右键拖动</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Right click</source>
        <translation>右键单击</translation>
    </message>
    <message>
        <source>Menu of the image</source>
        <translation>图像菜单</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Previous or next slice or plane</source>
        <translation>上一个或下一个层面或平面</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Ctrl+滚轮</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Image only, and back</source>
        <translation>仅图像与还原</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Model (*.onnx)</source>
        <translation>模型 (*.onnx)</translation>
    </message>
    <message>
        <source>This file is not used, and no probabilities are shown.</source>
        <translation>未使用该文件，也不显示任何概率。</translation>
    </message>
</context>
<context>
    <name>PairView</name>
    <message>
        <source>The image is being read.</source>
        <translation>正在读取图像。</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>所选</translation>
    </message>
    <message>
        <source>Prior</source>
        <translation>既往检查</translation>
    </message>
    <message>
        <source>Later study</source>
        <translation>后续检查</translation>
    </message>
    <message>
        <source>Same study</source>
        <translation>同一检查</translation>
    </message>
    <message>
        <source>Other study</source>
        <translation>其他检查</translation>
    </message>
    <message>
        <source>Another series appears when all headers have been read.</source>
        <translation>读完所有文件头后显示另一序列。</translation>
    </message>
    <message>
        <source>The header names no patient: no other series can be shown beside this one safely.</source>
        <translation>文件头未注明患者：无法安全地并排显示其他序列。</translation>
    </message>
    <message>
        <source>No other series of this patient is open.</source>
        <translation>未打开该患者的其他序列。</translation>
    </message>
    <message>
        <source>To compare, open both studies at once: the folder that holds them, or drop both folders on the window.</source>
        <translation>如需对比，请同时打开两次检查：打开包含两者的文件夹，或将两个文件夹一起拖入窗口。</translation>
    </message>
    <message>
        <source>Linked by table position</source>
        <translation>按床位位置同步</translation>
    </message>
    <message>
        <source>Linked by relative position: the series have no common frame of reference</source>
        <translation>按相对位置同步：两个序列没有共同的坐标参考系</translation>
    </message>
    <message>
        <source>Linked as you aligned them</source>
        <translation>按您对齐的位置同步</translation>
    </message>
    <message>
        <source>Not linked: each side scrolls alone</source>
        <translation>未同步：两侧各自翻层</translation>
    </message>
    <message>
        <source>The series on the right</source>
        <translation>右侧的序列</translation>
    </message>
    <message>
        <source>The series on the right; Shift+V takes the next one</source>
        <translation>右侧序列；按 Shift+V 切换到下一个</translation>
    </message>
</context>
<context>
    <name>PlanesView</name>
    <message>
        <source>Coronal {0}</source>
        <translation>冠状面 {0}</translation>
    </message>
    <message>
        <source>Sagittal {0}</source>
        <translation>矢状面 {0}</translation>
    </message>
    <message>
        <source>thickness {0} mm</source>
        <translation>厚度 {0} mm</translation>
    </message>
    <message>
        <source>slab {0} mm, mean</source>
        <translation>层块 {0} mm，平均值</translation>
    </message>
    <message>
        <source>slab {0} mm, maximum</source>
        <translation>层块 {0} mm，最大值</translation>
    </message>
    <message>
        <source>Axial {0}</source>
        <translation>横断面 {0}</translation>
    </message>
    <message>
        <source>Reading slice {0} of {1}</source>
        <translation>正在读取第 {0} 层，共 {1} 层</translation>
    </message>
    <message>
        <source>No planes of this series:</source>
        <translation>该序列无法重建平面：</translation>
    </message>
    <message>
        <source>Planes appear when the series is known.</source>
        <translation>确定序列后显示平面。</translation>
    </message>
    <message>
        <source>Slices {0}–{1} mm apart, interpolated</source>
        <translation>层间距 {0}–{1} mm，已插值</translation>
    </message>
    <message>
        <source>Slices {0} mm apart, interpolated</source>
        <translation>层间距 {0} mm，已插值</translation>
    </message>
    <message>
        <source>Gantry tilt {0}° removed; planes are perpendicular to the slices</source>
        <translation>已校正机架倾斜 {0}°；平面垂直于层面</translation>
    </message>
    <message>
        <source>Reformatted planes: not assessed</source>
        <translation>重建平面：未评估</translation>
    </message>
    <message>
        <source>These planes have no score, flag or heat map. Results are those of the axial images.</source>
        <translation>这些平面没有评分、标记或热力图。结果仅针对横断面图像。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>{0} of {1} done</source>
        <translation>已完成 {0}/{1}</translation>
    </message>
    <message>
        <source>Stopped: {0} of {1} done</source>
        <translation>已停止：完成 {0}/{1}</translation>
    </message>
    <message>
        <source>Interrupted after {0} of {1}: {2}</source>
        <translation>完成 {0}/{1} 后中断：{2}</translation>
    </message>
    <message>
        <source>Looking for images: {0} found</source>
        <translation>正在查找图像：已找到 {0} 个</translation>
    </message>
    <message>
        <source>{0} found; the model is being opened</source>
        <translation>已找到 {0} 个；正在打开模型</translation>
    </message>
    <message>
        <source>No files were found</source>
        <translation>未找到文件</translation>
    </message>
    <message>
        <source>All {0} done</source>
        <translation>全部 {0} 个已完成</translation>
    </message>
    <message>
        <source>{0} not assessed</source>
        <translation>{0} 个未评估</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>about {0} s left</source>
        <translation>约剩 {0} 秒</translation>
    </message>
    <message>
        <source>about {0} min left</source>
        <translation>约剩 {0} 分钟</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>ReadingPanel</name>
    <message>
        <source>Comment</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>ResultPanel</name>
    <message>
        <source>No image selected</source>
        <translation>未选择图像</translation>
    </message>
    <message>
        <source>image {0}</source>
        <translation>第 {0} 幅图像</translation>
    </message>
    <message>
        <source>slice {0}</source>
        <translation>第 {0} 层</translation>
    </message>
    <message>
        <source>Hidden until you have read it</source>
        <translation>阅片后显示</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>计算中</translation>
    </message>
    <message>
        <source>Not assessed yet</source>
        <translation>尚未评估</translation>
    </message>
    <message>
        <source>Not assessable</source>
        <translation>无法评估</translation>
    </message>
    <message>
        <source>No result</source>
        <translation>无结果</translation>
    </message>
    <message>
        <source>No probability</source>
        <translation>无概率</translation>
    </message>
    <message>
        <source>Series: {0}</source>
        <translation>序列：{0}</translation>
    </message>
    <message>
        <source>{0} of its {1} images have no result.</source>
        <translation>其 {1} 幅图像中有 {0} 幅没有结果。</translation>
    </message>
    <message>
        <source>The model is being opened.</source>
        <translation>正在打开模型。</translation>
    </message>
    <message>
        <source>Model: {0}</source>
        <translation>模型：{0}</translation>
    </message>
    <message>
        <source>Model: {0} · not the built-in model</source>
        <translation>模型：{0} · 非内置模型</translation>
    </message>
    <message>
        <source>No probabilities: {0}</source>
        <translation>无概率：{0}</translation>
    </message>
</context>
<context>
    <name>SeriesReadingPanel</name>
    <message>
        <source>Key images: no. {0}</source>
        <translation>关键图像：第 {0} 幅</translation>
    </message>
    <message>
        <source>Key images: none</source>
        <translation>关键图像：无</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>before AI (blinded)</source>
        <translation>AI 之前（盲法）</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Comment on this series</source>
        <translation>对该序列的备注</translation>
    </message>
    <message>
        <source>Confidence –</source>
        <translation>置信度 –</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>阅片者</translation>
    </message>
    <message>
        <source>Reader&apos;s name or initials</source>
        <translation>阅片者姓名或缩写</translation>
    </message>
</context>
<context>
    <name>SeriesRule</name>
    <message>
        <source>Less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>{0} · flagged when the series scores ≥ {1}</source>
        <translation>{0} · 序列概率 ≥ {1} 时被标记</translation>
    </message>
    <message>
        <source>{0} · flagged when at least {1} of {2} images score ≥ {3}</source>
        <translation>{0} · {2} 幅中至少 {1} 幅评分 ≥ {3} 时标记</translation>
    </message>
    <message>
        <source>Sensitivity for single validation images there (optimistic): {0}</source>
        <translation>该阈值下单幅验证图像的灵敏度（偏乐观）：{0}</translation>
    </message>
    <message>
        <source>Per examination: sensitivity {0}, specificity {1}</source>
        <translation>按检查计：灵敏度 {0}，特异度 {1}</translation>
    </message>
    <message>
        <source>Per examination: sensitivity {0}, specificity {1}; in a repeat of the training {2} and {3}</source>
        <translation>按检查计：灵敏度 {0}，特异度 {1}；重复训练时分别为 {2} 和 {3}</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>no study date</source>
        <translation>无检查日期</translation>
    </message>
    <message>
        <source>hidden until you have read it</source>
        <translation>阅片前隐藏</translation>
    </message>
    <message>
        <source>no result yet</source>
        <translation>尚无结果</translation>
    </message>
    <message>
        <source>no probability</source>
        <translation>无概率</translation>
    </message>
    <message>
        <source>Image {0}: {1}</source>
        <translation>图像 {0}：{1}</translation>
    </message>
    <message>
        <source>Series: {0}</source>
        <translation>序列：{0}</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Opens a folder of head CT (DICOM or image files). Shows for each image the probability of the finding that the model was trained for. You set the threshold. Nothing leaves this computer.</source>
        <translation>打开头部 CT 文件夹（DICOM 或图像文件），显示每幅图像中模型目标发现的概率。阈值由您设定。任何数据都不会离开本机。</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open sample images</source>
        <translation>打开示例图像</translation>
    </message>
    <message>
        <source>You can also drop files and folders on this window.</source>
        <translation>也可将文件和文件夹拖放到此窗口。</translation>
    </message>
    <message>
        <source>Recent folders</source>
        <translation>最近的文件夹</translation>
    </message>
</context>
<context>
    <name>Text</name>
    <message>
        <source>Research use only. Notification only, not for primary diagnosis.</source>
        <translation>仅供研究使用。仅作提示，不得用于首要诊断。</translation>
    </message>
</context>
<context>
    <name>ThresholdPanel</name>
    <message>
        <source>Series follow this threshold</source>
        <translation>序列随此阈值变化</translation>
    </message>
    <message>
        <source>Series of {0} or more images keep their own threshold: {1}</source>
        <translation>不少于 {0} 幅图像的序列使用自身的阈值：{1}</translation>
    </message>
    <message>
        <source>This series keeps its own threshold: {0}</source>
        <translation>该序列使用自身的阈值：{0}</translation>
    </message>
    <message>
        <source>This series follows it: needs {0} of {1} images ≥ {2}</source>
        <translation>该序列随之变化：{1} 幅中须有 {0} 幅 ≥ {2}</translation>
    </message>
    <message>
        <source>On validation images; on others it may reach less.</source>
        <translation>在验证图像上如此；在其他图像上可能达不到。</translation>
    </message>
    <message>
        <source>The image threshold does not change which series are flagged.</source>
        <translation>图像阈值不改变哪些序列被标记。</translation>
    </message>
    <message>
        <source>This series needs {0} of {1} images ≥ {2}, or ≥ this threshold if higher</source>
        <translation>该序列须有 {0}/{1} 幅图像 ≥ {2}；此阈值更高时以此阈值为准</translation>
    </message>
    <message>
        <source>A series with a flagged image is never shown as not flagged.</source>
        <translation>含有被标记图像的序列不会称为未标记。</translation>
    </message>
    <message>
        <source>Series with fewer than {0} assessed images use the image threshold.</source>
        <translation>已评估图像少于 {0} 幅的序列使用图像阈值。</translation>
    </message>
    <message>
        <source>{0} of {1} assessed images flagged</source>
        <translation>已评估的 {1} 幅图像中，已标记 {0} 幅</translation>
    </message>
    <message>
        <source>Hidden until read: {0} images</source>
        <translation>阅片后显示：{0} 幅图像</translation>
    </message>
    <message>
        <source>{0} of {1} shown images flagged · hidden until read: {2}</source>
        <translation>已显示的 {1} 幅图像中，已标记 {0} 幅 · 阅片后显示：{2} 幅</translation>
    </message>
    <message>
        <source>Image threshold</source>
        <translation>图像阈值</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <source>More tools</source>
        <translation>更多工具</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Grey image: windows in HU do not apply</source>
        <translation>灰度图像：HU 窗口不适用</translation>
    </message>
    <message>
        <source>The file contains no window</source>
        <translation>文件不含窗设置</translation>
    </message>
    <message>
        <source>No window on key {key}</source>
        <translation>按键 {key} 未定义窗</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>调窗</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Scroll</source>
        <translation>翻层</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>Ellipse ROI</source>
        <translation>椭圆 ROI</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>椭圆</translation>
    </message>
    <message>
        <source>Angle: drag one arm, click the other</source>
        <translation>角度：拖出一边，再点击另一边</translation>
    </message>
    <message>
        <source>Identity hidden</source>
        <translation>身份信息已隐藏</translation>
    </message>
    <message>
        <source>grey {value}</source>
        <translation>灰度 {value}</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>脑窗</translation>
    </message>
    <message>
        <source>Subdural</source>
        <translation>硬膜下窗</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>卒中窗</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>骨窗</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>软组织窗</translation>
    </message>
    <message>
        <source>Posterior fossa</source>
        <translation>后颅窝窗</translation>
    </message>
    <message>
        <source>My window</source>
        <translation>我的窗</translation>
    </message>
    <message>
        <source>Position {position} mm</source>
        <translation>位置 {position} mm</translation>
    </message>
    <message>
        <source>Zoom {zoom} %</source>
        <translation>缩放 {zoom} %</translation>
    </message>
    <message>
        <source>W {width} L {level}</source>
        <translation>窗宽 {width} 窗位 {level}</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>已反转</translation>
    </message>
    <message>
        <source>Thickness {millimetres} mm</source>
        <translation>层厚 {millimetres} mm</translation>
    </message>
    <message>
        <source>Gantry tilt {degrees}°</source>
        <translation>机架倾斜 {degrees}°</translation>
    </message>
    <message>
        <source>Values are not HU</source>
        <translation>数值不是 HU</translation>
    </message>
    <message>
        <source>Lossy compression</source>
        <translation>有损压缩</translation>
    </message>
    <message>
        <source>mean {mean}, SD {deviation}</source>
        <translation>均值 {mean}，标准差 {deviation}</translation>
    </message>
    <message>
        <source>min {minimum}, max {maximum}</source>
        <translation>最小 {minimum}，最大 {maximum}</translation>
    </message>
    <message>
        <source>area {area} {unit}²</source>
        <translation>面积 {area} {unit}²</translation>
    </message>
    <message>
        <source>Heat map: computing</source>
        <translation>热力图：计算中</translation>
    </message>
    <message>
        <source>Heat map: no region of this image raised the score</source>
        <translation>热力图：本图像中没有提高评分的区域</translation>
    </message>
    <message>
        <source>Heat map: regions that raised the score; not a lesion outline; scaled to this image</source>
        <translation>热力图：提高评分的区域；不是病灶轮廓；按本图像缩放</translation>
    </message>
    <message>
        <source>Model input: {size} × {size}</source>
        <translation>模型输入：{size} × {size}</translation>
    </message>
    <message>
        <source>Model input: {size} × {size}, W {width} L {level}</source>
        <translation>模型输入：{size} × {size}，W {width} L {level}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>No image</source>
        <translation>无图像</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>有</translation>
    </message>
    <message>
        <source>Absent</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Haemorrhage</source>
        <translation>出血</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>Not flagged</source>
        <translation>未标记</translation>
    </message>
    <message>
        <source>series probability {0}</source>
        <translation>序列概率 {0}</translation>
    </message>
    <message>
        <source>series score {0}</source>
        <translation>序列评分 {0}</translation>
    </message>
    <message>
        <source>images not read: {0}</source>
        <translation>{0} 幅图像无法读取</translation>
    </message>
    <message>
        <source>a slice is uncertain</source>
        <translation>有一层不确定</translation>
    </message>
    <message>
        <source>an image is uncertain</source>
        <translation>有一幅不确定</translation>
    </message>
    <message>
        <source>near the threshold</source>
        <translation>接近阈值</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>below the threshold</source>
        <translation>低于阈值</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认阈值</translation>
    </message>
    <message>
        <source>Youden index</source>
        <translation>约登指数</translation>
    </message>
    <message>
        <source>{0} y</source>
        <translation>{0} 岁</translation>
    </message>
    <message>
        <source>{0} months</source>
        <translation>{0} 个月</translation>
    </message>
    <message>
        <source>{0} weeks</source>
        <translation>{0} 周</translation>
    </message>
    <message>
        <source>{0} days</source>
        <translation>{0} 天</translation>
    </message>
    <message>
        <source>M</source>
        <translation>男</translation>
    </message>
    <message>
        <source>F</source>
        <translation>女</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>. </source>
        <translation>。</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>slices only: {0} of {1}</source>
        <translation>仅切片：{0}/{1}</translation>
    </message>
    <message>
        <source>images only: {0} of {1}</source>
        <translation>仅图像：{0}/{1}</translation>
    </message>
    <message>
        <source>as a whole, {0} of {1} slices</source>
        <translation>整体，切片 {0}/{1}</translation>
    </message>
    <message>
        <source>as a whole, {0} of {1} images</source>
        <translation>整体，图像 {0}/{1}</translation>
    </message>
    <message>
        <source>uncertain, {0} of {1} flagged</source>
        <translation>不确定，已标记 {0}/{1}</translation>
    </message>
    <message>
        <source>{0} of {1} slices flagged</source>
        <translation>已标记 {0}/{1} 层</translation>
    </message>
    <message>
        <source>{0} of {1} images flagged</source>
        <translation>已标记 {0}/{1} 幅</translation>
    </message>
    <message>
        <source>unordered</source>
        <translation>无序</translation>
    </message>
    <message>
        <source>ordered by position</source>
        <translation>按位置排序</translation>
    </message>
    <message>
        <source>ordered by slice location</source>
        <translation>按层面位置排序</translation>
    </message>
    <message>
        <source>ordered by instance number</source>
        <translation>按编号排序</translation>
    </message>
    <message>
        <source>ordered by file name</source>
        <translation>按文件名排序</translation>
    </message>
    <message>
        <source>Sensitivity ≥ 95 %</source>
        <translation>灵敏度 ≥ 95 %</translation>
    </message>
    <message>
        <source>Specificity ≥ 95 %</source>
        <translation>特异度 ≥ 95 %</translation>
    </message>
    <message>
        <source>frame {0} of {1}</source>
        <translation>第 {0} 帧，共 {1} 帧</translation>
    </message>
    <message>
        <source>Not assessable</source>
        <translation>无法评估</translation>
    </message>
</context>
<context>
    <name>Worklist</name>
    <message>
        <source>Patient {0}</source>
        <translation>患者 {0}</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>outside the filter</source>
        <translation>不符合筛选条件</translation>
    </message>
    <message>
        <source>grouped by file name</source>
        <translation>按文件名分组</translation>
    </message>
    <message>
        <source>several studies</source>
        <translation>多次检查</translation>
    </message>
    <message>
        <source>{0} series, {1} hidden</source>
        <translation>{0} 个序列，{1} 个已隐藏</translation>
    </message>
    <message>
        <source>{0} series, {1} scored, {2} hidden</source>
        <translation>{0} 个序列：已评估 {1}，隐藏 {2}</translation>
    </message>
    <message>
        <source>taken for one patient</source>
        <translation>按同一患者处理</translation>
    </message>
    <message>
        <source>patients cannot be distinguished</source>
        <translation>无法区分患者</translation>
    </message>
    <message>
        <source>Scoring {0} of {1}</source>
        <translation>评估中 {0}/{1}</translation>
    </message>
    <message>
        <source>no result yet</source>
        <translation>尚无结果</translation>
    </message>
    <message>
        <source>Stopped at {0} of {1}</source>
        <translation>已停止 {0}/{1}</translation>
    </message>
    <message>
        <source>no result</source>
        <translation>无结果</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Series {0} of {1}</source>
        <translation>序列 {0}/{1}</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>评估中</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>until you have read it</source>
        <translation>阅片后显示</translation>
    </message>
    <message>
        <source>{0} of {1} flagged</source>
        <translation>已标记 {0}/{1}</translation>
    </message>
    <message>
        <source>No series result</source>
        <translation>无序列结果</translation>
    </message>
    <message>
        <source>{0} series, {1} scored</source>
        <translation>{0} 个序列，{1} 个已评估</translation>
    </message>
    <message>
        <source>{0} series</source>
        <translation>{0} 个序列</translation>
    </message>
    <message>
        <source>Images: {0}</source>
        <translation>图像：{0}</translation>
    </message>
    <message>
        <source>Slices: {0}</source>
        <translation>层数：{0}</translation>
    </message>
    <message>
        <source>{0} of {1} not assessed</source>
        <translation>{1} 幅中有 {0} 幅未评估</translation>
    </message>
    <message>
        <source>Your reading: {0}</source>
        <translation>您的阅片：{0}</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>no. {0}</source>
        <translation>序列号 {0}</translation>
    </message>
</context>
<context>
    <name>WorklistPane</name>
    <message>
        <source>Patients: {0}</source>
        <translation>患者：{0}</translation>
    </message>
    <message>
        <source>Flagged above: {0}</source>
        <translation>上方已标记：{0}</translation>
    </message>
    <message>
        <source>Folders of images: {0}</source>
        <translation>图像文件夹：{0}</translation>
    </message>
    <message>
        <source>hidden by the filter: {0}</source>
        <translation>被筛选隐藏：{0}</translation>
    </message>
    <message>
        <source>outside the filter: {0}</source>
        <translation>不符合筛选条件：{0}</translation>
    </message>
    <message>
        <source>files without an image: {0}</source>
        <translation>不含图像的文件：{0}</translation>
    </message>
    <message>
        <source>images in no group: {0}</source>
        <translation>未分组的图像：{0}</translation>
    </message>
    <message>
        <source>Groups by file name: {0}</source>
        <translation>按文件名分组：{0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search patients, studies and series</source>
        <translation>搜索患者、检查和序列</translation>
    </message>
    <message>
        <source>By suspicion</source>
        <translation>按可疑程度</translation>
    </message>
    <message>
        <source>By study time</source>
        <translation>按检查时间</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按姓名</translation>
    </message>
    <message>
        <source>In file order</source>
        <translation>按文件顺序</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Flagged only</source>
        <translation>仅已标记</translation>
    </message>
    <message>
        <source>Unread only</source>
        <translation>仅未阅</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Group by name…</source>
        <translation>按名称分组…</translation>
    </message>
    <message>
        <source>Sort now</source>
        <translation>立即排序</translation>
    </message>
    <message>
        <source>New results: the order is kept while the mouse is here</source>
        <translation>有新结果；鼠标停留在此处时顺序保持不变</translation>
    </message>
</context>
</TS>
