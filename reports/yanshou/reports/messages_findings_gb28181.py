# SPDX-License-Identifier: Apache-2.0
"""What suites say in Chinese of GB/T 28181, GB 35114 and cameras that turn, in English.

``{1}`` is what the sentence took from the site file or a device.
"""

from __future__ import annotations

from typing import Final

NETWORKED: Final = {
    "{1} s 才收到": "it came after {1} s",
    "{1} s 内未收到报警消息": "no alarm message within {1} s",
    "报警到检测平台 {1} s ± {2} s": "alarm to the platform of the bench {1} s ± {2} s",
    "注册签名验证未通过": "the signature of the registration was not verified",
    "信令摘要缺失或不一致": "the digest of messages is missing or wrong",
    "云台停止": "stop of pan and tilt",
    "报警复位": "alarm reset",
    "停止录像": "stop of recording",
    "录像": "recording",
    "布防": "guard",
    "无应答": "no answer",
    "无应答结果": "no result",
    "有不该有的应答结果": "a result that should not come",
    "{1}的消息未得到 200 应答（{2}）": "{1}: the message was not answered by 200 ({2})",
    "{1}无应答结果": "{1}: no result came",
    "{1}有不该有的应答结果": "{1}: a result came that should not",
    "{1}的应答没有 Result": "{1}: the answer has no Result",
    "{1} s 内只收到 {2} 次心跳": "only {2} heartbeats within {1} s",
    "实际 {1} s": "in fact {1} s",
    "设备未应答设置查询": "the device did not answer the query of its settings",
    "设备设置读回 {1} s": "the device states {1} s as its setting",
    "观察 {1} s，{2} 次心跳无应答后未见重新注册": (
        "watched for {1} s: not registered again after {2} heartbeats without an answer"
    ),
    "无有效的节目流映射表": "no valid program stream map",
    "档次 {1}": "profile {1}",
    "重复 {1} 条": "{1} came twice",
    "目录查询无应答（消息应答 {1}）": "the query of the catalogue got no answer (message answered {1})",
    "目录应答不完整：SumNum {1}，实收 {2} 条（{3} 个应答）": (
        "the catalogue is incomplete: SumNum {1}, {2} came (in {3} answers)"
    ),
    "状态查询无应答（消息应答 {1}）": "the query of the state got no answer (message answered {1})",
    "有效期届满前未续注册": "the registration was not renewed before it expired",
    "断开后未见注销消息": "no message that it unregisters came after the disconnection",
    "有效期为 0 的注册未带有效认证": "the registration with a term of 0 was not validly authenticated",
    "收到 302 后未在给出的地址注册": "after the 302 it did not register at the address given",
    "注册消息没有 X-GB-Ver": "the registration has no X-GB-Ver",
    "由人员以专用测试仪验证：视频签名与加密的码流格式没有公开出处，检测台不解析": (
        "verified by a person with a tester for it: the formats of signed and encrypted streams are not "
        "published, and the bench does not read them"
    ),
    "视频签名验证未通过，或改动一字节后仍通过": (
        "the signature of the video was not verified, or still was after one byte was changed"
    ),
    "视频未加密，或有密钥也不能解码": "the video is not encrypted, or cannot be decoded with the key either",
    "点播 {1}": "live video of {1}",
    "断开、接通 {1} 的线路": "line of {1} disconnected and connected",
    "没有一分钟以上的录像，其摄像机在画面中写入时钟（点位表 osd）": (
        "there is no recording of a minute or more whose camera writes the time into the picture"
    ),
    "签名与摘要的内容按形式 {1}，取自公开实现和引文，未核对标准原文；"
    "未核查证书的签发链与吊销，未检测设备是否验证平台的签名": (
        "content of signature and digest by form {1}, from public implementations and quotations, not "
        "compared with the standard; issuer and revocation of the certificate were not checked, nor whether "
        "the device verifies the signature of the platform"
    ),
    "取消订阅": "ending the subscription",
    "取消订阅后": "after the subscription was ended",
    "续订": "renewal",
    "续订并过原有效期": "renewed, beyond the first term",
    "有效期届满后": "after the term",
    "重新订阅": "subscribing again",
    "订阅": "subscription",
    "{1}的应答为 {2}": "{1}: answered {2}",
    "{1} 的应答为 {2}": "{1}: answered {2}",
    "订阅请求的应答为 {1}": "the request to subscribe was answered {1}",
    "{1}：未收到通知，也没有其他迹象表明变化已发生": (
        "{1}: no notification, nor any other sign that the change took place"
    ),
    "{1}：没有其他迹象表明变化已发生，未收到通知不足为证": (
        "{1}: no other sign that the change took place, so that a missing notification proves nothing"
    ),
    "应答的有效期 {1} s 长于请求的 {2} s": "the term granted, {1} s, is longer than the {2} s asked for",
    "{1}后 {2} s 内未收到 NOTIFY": "{1}: no NOTIFY within {2} s",
    "{1}后 {2} s 内未收到 NOTIFY（通知的是 {3}）": "{1}: no NOTIFY within {2} s (notified was {3})",
    "{1}后 {2} s 内未收到 NOTIFY（通知不在订阅的会话内）": (
        "{1}: no NOTIFY within {2} s (one came outside the dialog of the subscription)"
    ),
    "{1}后 {2} s 内未收到 NOTIFY（通知的状态与变化不符）": (
        "{1}: no NOTIFY within {2} s (one came with another state)"
    ),
    "{1}后 {2} s 内未收到 NOTIFY（以 MESSAGE 上报）": "{1}: no NOTIFY within {2} s (a MESSAGE came instead)",
    "通知的是 {1}": "notified was {1}",
    "通知不在订阅的会话内": "notified outside the dialog of the subscription",
    "通知的状态与变化不符": "notified with another state",
    "以 MESSAGE 上报": "sent as MESSAGE",
    "{1}仍收到 {2} 次 NOTIFY": "{1}: {2} NOTIFY still came",
    "{1} 次变化均已通知，最慢 {2} s ± {3} s": (
        "all {1} changes were notified, the slowest after {2} s ± {3} s"
    ),
    "云台命令（{1}）": "command of pan, tilt or zoom ({1})",
    "{1} s 内未向检测平台注册": "did not register at the platform of the bench within {1} s",
    "工程文件没有它的通道编码，未查询": "the site file has no channel code of it: not queried",
    '用空闲的计算机再测，或在其连接中写 transport = "tcp"': (
        'test again with an idle computer, or write transport = "tcp" into its connection'
    ),
}

REGISTERED: Final = {
    "摘要认证信息无法读取": "the digest cannot be read",
    "摘要的域不是平台质询的域": "the realm of the digest is not that of the challenge",
    "摘要的用户名不是设备编码": "the user of the digest is not the code of the device",
    "摘要算法不是平台质询的算法": "the algorithm of the digest is not that of the challenge",
    "摘要用的随机数已过期": "the nonce of the digest has expired",
    "摘要被重复使用": "the digest was used again",
    "设备带着先前的认证信息注册，未见不带认证的首次注册": (
        "the device registered with what it had used before: no first registration without it was seen"
    ),
    "{1} s 内未收到注册消息": "no registration within {1} s",
    "收到 401 后未带摘要再注册（共 {1} 次注册均不带认证）": (
        "after 401 it did not register with a digest ({1} registrations, all without)"
    ),
    "以证书注册未通过（{1}），由 GB 35114 A 级身份认证判定": (
        "registering by certificate failed ({1}): judged by the authentication of GB 35114 class A"
    ),
    "口令不符": "the password does not fit",
    "口令正确": "the password fits",
    "摘要用的随机数不是平台给出的（{1}）": "the nonce of the digest was not given by the platform ({1})",
    "摘要与工程文件中的口令不符，请核对设备与工程文件的口令": (
        "the digest does not fit the password of the site file: compare it with that of the device"
    ),
    "注册被拒：{1}": "the registration was refused: {1}",
    "{1} 个周期平均 {2} s ± {3} s，设置 {4} s": "mean of {1} intervals {2} s ± {3} s, set to {4} s",
    "缺 {1} 次": "{1} missing",
    "目录缺少 {1}": "the catalogue lacks {1}",
    "点位表没有 {1}": "the inventory lacks {1}",
    "{1} 路摄像机与点位表一致": "{1} cameras as in the inventory",
    "{1} 等 {2} 个": "{1} and others, {2} in all",
    "{1} 为 {2}": "{1} is {2}",
    "报警以 {1}（{2}）的编码上报": "the alarm came with the code of {1} ({2})",
    "报警消息缺 {1}": "the alarm message lacks {1}",
    "同一报警收到 {1} 次": "one alarm came {1} times",
    "Date 头偏移 {1} s 后，设备时钟偏差 {2} s": "after Date was shifted by {1} s, the clock is {2} s off",
}

CLASS_A: Final = {
    "以口令摘要注册，未以证书认证": "registered by a password digest and not by certificate",
    "声明的能力不含 SM2、SM3": "the stated capability has no SM2 and SM3",
    "应答的认证方式（单向、双向）与平台质询的不同": (
        "the answer has another way (one-way, mutual) than the challenge"
    ),
    "签名用的 random1 不是平台给出的": "the random1 that was signed was not given by the platform",
    "重复使用已用过的 random1": "a random1 was used again",
    "serverid 不是本平台的编码": "serverid is not the code of this platform",
    "deviceid 不是设备自身的编码": "deviceid is not the code of the device",
    "sign1 验证未通过": "sign1 was not verified",
    "设备所送证书不是实验室所持的证书": "the certificate it sent is not the one that the laboratory holds",
    "证书主体为另一编码": "the subject of the certificate is another code",
    "设备所送证书不在有效期内": "the certificate it sent is not valid now",
    "曾带着先前的认证信息注册，被拒后按新的质询认证": (
        "it first registered with what it had used before, was refused, and answered the new challenge"
    ),
    "注册消息的认证头域无法读取": "the header of authentication cannot be read",
    "设备所送证书无法读取": "the certificate it sent cannot be read",
    "签名按另一形式验证通过，请核对标准原文与设备说明，在工程文件中写明 class_a_form": (
        "the signature is right by another form: compare the standard and the manual, and state it in the "
        "site file"
    ),
    "sign1 验证未通过，而工程文件中的证书不是该编码的，请核对证书": (
        "sign1 was not verified, and the certificate of the site file is of another code: check it"
    ),
    "工程文件中的证书主体为另一编码，请核对证书": (
        "the subject of the certificate of the site file is another code: check it"
    ),
    "工程文件中的证书不在有效期内，请更换证书": (
        "the certificate of the site file is not valid now: replace it"
    ),
    "对质询的应答超过 300 s": "the challenge was answered after more than 300 s",
    "没有 Note 摘要": "without a digest in Note",
    "摘要与重新计算的不一致": "with a digest other than computed again",
    "摘要算法不是 SM3": "with a digest that is not SM3",
    "没有 Date": "without Date",
    "Note 头域无法读取": "with a Note that cannot be read",
    "摘要按另一形式一致，请核对标准原文与设备说明，在工程文件中写明 class_a_form": (
        "with a digest that is right by another form: compare the standard and the manual, and state it in "
        "the site file"
    ),
    "带有 Note 摘要，但未以证书注册，没有密钥可核对": (
        "with a digest in Note but not registered by certificate: there is no key to check it"
    ),
    "不同注册的 random2 相同": "several registrations have the same random2",
    "{1}，{2} 次注册的 sign1 对 random2、random1 与 serverid 验证通过": (
        "{1}: sign1 over random2, random1 and serverid was verified in {2} registrations"
    ),
    "{1}（形式 {2}）": "{1} (form {2})",
    "声明能力 {1} 次，均未应答平台的质询": "its capability came {1} times, the challenge was never answered",
    "注册不带证书认证（没有 Capability）": "registered without a certificate (no Capability)",
    "未见完整的注册过程": "no whole registration was seen",
    "只见到一次注册，不能确认随机数不重复使用": (
        "one registration only was seen: whether random numbers are used again is not known"
    ),
    "证书主体中没有设备编码": "the subject of the certificate holds no code of a device",
    "签名内容按工程文件指定的形式 {1}，不是各公开实现一致的形式": (
        "what is signed has the form {1} of the site file, not the one on which public implementations agree"
    ),
    "{1} 条重复使用另一条信令的摘要": "{1} repeat the digest of another message",
    "{1} 条的 Date 偏差超过 {2} s（最大 {3} s）": "{1} with a Date more than {2} s off (at most {3} s)",
    "（共 {1} 条信令）": " (of {1} messages)",
    "{1}（共 {2} 条信令）": "{1} (of {2} messages)",
    "Date 无法读取": "Date cannot be read",
    "设备未以证书注册，没有密钥可核对": "not registered by certificate: there is no key to check it",
    "收到心跳 {1} 条、应答 {2} 条，不足以判定": (
        "{1} heartbeats and {2} answers came, too few for a verdict"
    ),
    "心跳 {1} 条、应答 {2} 条、其他 {3} 条的摘要均一致，Date 偏差最大 {4} s": (
        "the digests of {1} heartbeats, {2} answers and {3} others are right, Date is at most {4} s off"
    ),
    "{1} 条{k2}": "{1} {2}",
}

MEDIA: Final = {
    "下载未被接受（应答 {1}）": "the download was not accepted (answered {1})",
    "只收到 {1} s 的录像，无从计算倍速": "only {1} s of recording came: no speed can be worked out",
    "{1} s 的录像用时 {2} s（{3} 倍）": "{1} s of recording took {2} s (speed {3})",
    "请求 {1} 倍": "asked for {1}",
    "应答 {1} 倍": "granted {1}",
    "应答未写倍速": "the answer states no speed",
    "INVITE Download 的应答为 {1}": "INVITE Download was answered {1}",
    "下载没有画面": "the download has no picture",
    "只收到 {1} s 的录像，请求 {2} s": "only {1} s of recording came, {2} s were asked for",
    "中间缺 {1} s": "{1} s are missing in between",
    "只有 {1} 幅画面，按回放的帧率应约 {2} 幅": "only {1} pictures, about {2} by the rate of playback",
    "首": "first",
    "末": "last",
    "{1}幅画面的时钟为 {2}，与请求相差 {3} s": (
        "the clock of the {1} picture shows {2}, {3} s from the request"
    ),
    "第 {1} s 画面的时钟为 {2}，相差 {3} s": "the clock of the picture at {1} s shows {2}, {3} s off",
    "未收到媒体结束通知（MediaStatus 121）": "the end of the media was not notified (MediaStatus 121)",
    "回放首幅画面的时钟无法读出，定位误差可能含摄像机与录像设备的时钟差": (
        "the clock in the first picture of the playback cannot be read: the error of the seek may contain "
        "the difference between the clocks of camera and recorder"
    ),
    "定位前首幅画面的时钟已与请求的起点相差 {1} s，定位误差含此差值": (
        "before the seek the clock in the first picture was {1} s off the begin asked for: "
        "the error of the seek contains this"
    ),
    "媒体结束通知之后 {1} s 仍收到媒体": "media still came {1} s after the notice of their end",
    "BYE 的应答为 {1}": "BYE was answered {1}",
    "{1} s、{2} 幅画面，结束通知已收到": "{1} s, {2} pictures, its end was notified",
    "画面时钟 {1}": "clock in the picture {1}",
    "解码出 {1} 幅画面，BYE 后停止发送": "{1} pictures were decoded, nothing was sent after BYE",
    "点播没有解码出画面（收到 {1} 个报文）": "no picture of the live video was decoded ({1} packets came)",
    "没有解码出画面（收到 {1} 个报文）": "no picture was decoded ({1} packets came)",
    "点播{k1}": "live video: {1}",
    "未知编码": "an unknown code",
    "码流为 {1}，不是 H.265": "the stream is {1} and not H.265",
    "以 PS 封装": "in a PS container",
    "以裸码流": "as a bare stream",
    "只提供负载类型 100（H265）时，{1}、以负载类型 {2} 传送": (
        "offered payload type 100 (H265) alone, it sends {1}, with payload type {2}"
    ),
    "应答 {k1}": "answered {1}",
    "没有解码出 H.265 画面": "no picture of H.265 was decoded",
    "只提供负载类型 100（H265）的点播{1}；以 PS 点播时为 {2}": (
        "offered payload type 100 (H265) alone: {1}; in PS it is {2}"
    ),
    "INVITE 未被接受（{1}）": "INVITE was not accepted ({1})",
    "应答 {1}，但{2}": "answered {1}, but {2}",
    "RTP 负载类型 {1}，约定为 {2}": "RTP payload type {1}, {2} was agreed",
    "SSRC {1}，约定为 {2}": "SSRC {1}, {2} was agreed",
    "码流为 TS，约定为 PS": "the stream is TS, PS was agreed",
    "没有校验正确的节目流映射表（PSM）": "no program stream map (PSM) has a right checksum",
    "PSM 的流类型为 {1}，码流实为 {2}": "the PSM says {1}, the stream is {2}",
    "不同帧使用同一 RTP 时间戳": "different frames have the same RTP time stamp",
    "同一帧使用不同的 RTP 时间戳": "one frame has several RTP time stamps",
    "设备自行结束了点播（BYE）": "the device ended the live video by itself (BYE)",
    "BYE 之后 {1} s 以上仍收到 {2} 个报文": "{2} packets came more than {1} s after BYE",
    "回放没有画面": "playback has no picture",
    "暂停后 1 s 以上仍收到 {1} 个报文": "{1} packets came more than 1 s after the pause",
    "继续播放后没有画面": "no picture after it was continued",
    "定位到结束前 {1} s 未执行：以 {2} 倍速应在约 {3} s 后结束": (
        "the search to {1} s before the end was not carried out: at speed {2} it should end after about {3} s"
    ),
    "{1} 倍速未执行：{2} s 后结束，应约 {3} s": (
        "speed {1} was not carried out: it ended after {2} s instead of about {3} s"
    ),
    "定位后没有画面": "no picture after the search",
    "定位或倍速不符：{1} s 后即结束，应约 {2} s": (
        "the search or the speed was not as asked for: it ended after {1} s instead of about {2} s"
    ),
    "画面时钟分辨力": "resolution of the clock in the picture",
    "画面时钟显示整秒": "the clock in the picture shows whole seconds",
    "轮询接受连接": "polling for connections",
    "连接时刻": "moment of connection",
    "录像检索无应答（消息应答 {1}）": "the search for recordings got no answer (message answered {1})",
    "录像检索每次只列出一部分，分段过多": "each search for recordings gives a part, and they are too many",
    "录像检索应答不完整：SumNum {1}，实收 {2} 条": (
        "the list of recordings is incomplete: SumNum {1}, {2} came"
    ),
    "录像条目属于 {1}，查询的是 {2}": "a recording of {1} came, asked was for {2}",
    "录像条目的时间不可读：{1}": "the times of a recording cannot be read: {1}",
    "全段": "the whole time",
    "前半段": "the first half",
    "后半段": "the second half",
    "无录像的时段：应答 {1} 个，条目 {2} 条，SumNum {3}": (
        "a time without recordings: {1} answers, {2} entries, SumNum {3}"
    ),
    "全段检索列出的录像有 {1} s 不在分段检索中": (
        "{1} s of the recordings listed for the whole are not in the lists of its parts"
    ),
    "定位命令的应答为 {1}": "the command to search was answered {1}",
    "下载的画面看不出与该摄像机的实时画面同一视场，不能排除是其他通道的录像": (
        "the pictures downloaded are not recognised as the live view of the camera, so they may be another "
        "channel's"
    ),
    "画面与 {1} 的实时画面同一视场，不是请求的通道": (
        "the pictures have the same view as {1} shows live, which is not the channel asked for"
    ),
    "定位后的画面损坏": "the picture after the search is damaged",
    "定位后没有可解码的画面": "no picture could be decoded after the search",
    "画面中的时钟无法读出": "the clock in the picture could not be read",
}

TURNED: Final = {
    "左转": "left",
    "右转": "right",
    "上仰": "up",
    "下俯": "down",
    "放大": "zooming in",
    "缩小": "zooming out",
    "静止": "at rest",
    "画面未动": "the picture did not move",
    "没有可用的实时画面": "there was no usable live picture",
    "画面过暗、无细节或噪声过大": "the picture is too dark, without detail or too noisy",
    "画面各处相似（栅栏、墙面等）": "the picture is alike everywhere (a fence, a wall)",
    "景物自身变化，或移动后无重叠": "the scene itself changed, or nothing of it is left after the movement",
    "画面只有微小移动（振动、对焦亦可致）": (
        "the picture moved very little (as it does by shaking or focusing)"
    ),
    "画面同时有其他方向的移动": "the picture moved in another way as well",
    "命令{1}之前画面未静止：{2}": "the picture was not at rest before the command {1}: {2}",
    "命令{k1}": "command {1}",
    "命令{k1}，画面{k2}": "command {1}, the picture: {2}",
    "画面{k1}": "picture: {1}",
    "各幅完全相同": "all pictures are the same",
    "码流可能停滞": "the stream may stand still",
    "画面实为{1}": "in fact the picture moved: {1}",
    "停止命令后{1}": "after the stop: {1}",
    "画面比命令晚约 {1} s": "the picture is about {1} s behind the command",
    "停止命令后画面仍在移动": "the picture still moved after the stop",
    "离开之前画面未静止（{1}）": "the picture was not at rest before it left ({1})",
    "未测得离开（{1}）": "leaving was not measured ({1})",
    "离开：{1}；调用后与设置时相比：{2}": "leaving: {1}; after the recall against the stored one: {2}",
    "之后{k1}": "then: {1}",
    "未回到同一画面": "it did not come back to the same picture",
    "无法判定": "cannot be told",
    "无法判定（{1}）": "cannot be told ({1})",
    "水平 {1} %、垂直 {2} % 画面宽，变倍 {3}": "{1} % across, {2} % upright (of the width), zoom {3}",
    "动作的不止被控摄像机，或不是它：{1}": (
        "not only the camera that was commanded moved, or not that one: {1}"
    ),
    "未记录是哪台": "which one was not noted",
    "随命令动作的还有：{1}": "moved at the command as well: {1}",
    "按实时画面判定": "judged by the live picture",
    "预置位": "preset",
    "调用预置位 {1} 未回到同一画面": "the recall of preset {1} did not come back to the same picture",
    "{1}：画面不能判定，{2}": "{1}: not to be told by the picture, {2}",
    "未再询问人员": "no person was asked",
    "由人员判定": "judged by a person",
    "未正确动作或未停止": "it did not move rightly, or did not stop",
    "{k1}：{k2}": "{1}: {2}",
}
