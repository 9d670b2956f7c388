# requires: av==14.2.0 numpy==2.2.6
# FFmpeg: encodes and decodes video and sound in memory with many bundled codecs, filters, the error path.
import io

import av
import av.filter
import numpy as np


def video(codec, form, pix_fmt="yuv420p"):
    sink = io.BytesIO()
    with av.open(sink, "w", format=form) as file:
        stream = file.add_stream(codec, rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = pix_fmt
        for i in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), i * 40, dtype="uint8"), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    sink.seek(0)
    with av.open(sink) as file:
        frames = [f.to_ndarray(format="gray") for f in file.decode(video=0)]
        return [file.format.name, file.streams[0].codec_context.name, len(frames), int(frames[-1].mean()) // 8]


def sound(codec, form, layout="mono"):
    sink = io.BytesIO()
    with av.open(sink, "w", format=form) as file:
        stream = file.add_stream(codec, rate=48000, layout=layout)
        samples = (np.sin(np.arange(48000) / 20) * 9000).astype("int16").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = 48000
        resampler = av.AudioResampler(
            stream.codec_context.format.name, layout, 48000, stream.codec_context.frame_size or 1024
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            part.pts = None
            file.mux(stream.encode(part))
        file.mux(stream.encode())
    sink.seek(0)
    with av.open(sink) as file:
        return [file.streams[0].codec_context.name, sum(f.samples for f in file.decode(audio=0)) // 1000]


def handler(event, context):
    found = {}
    for args in (
        ("mpeg4", "mp4"),
        ("libx264", "mp4"),
        ("libx265", "mp4"),
        ("libvpx", "webm"),
        ("libvpx-vp9", "webm"),
        ("mjpeg", "avi", "yuvj420p"),
        ("libsvtav1", "mp4"),
        ("libaom-av1", "mp4"),
        ("gif", "gif", "rgb8"),
        ("png", "apng", "rgb24"),
    ):
        try:
            found[args[0]] = video(*args)
        except Exception as caught:
            found[args[0]] = repr(caught)[:90]
    for args in (
        ("aac", "mp4"),
        ("libmp3lame", "mp3"),
        ("flac", "flac"),
        ("libopus", "ogg"),
        ("libvorbis", "ogg"),
        ("pcm_s16le", "wav"),
    ):
        try:
            found[args[0]] = sound(*args)
        except Exception as caught:
            found[args[0]] = repr(caught)[:90]
    found["codecs"] = len(av.codecs_available)
    found["filters"] = len(av.filter.filters_available)
    found["formats"] = len(av.formats_available)
    graph = av.filter.Graph()
    source = graph.add_buffer(width=64, height=64, format="rgb24", time_base="1/10")
    scale = graph.add("scale", "32:32")
    sink = graph.add("buffersink")
    source.link_to(scale)
    scale.link_to(sink)
    graph.configure()
    source.push(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), dtype="uint8"), format="rgb24"))
    found["scaled"] = sink.pull().width
    try:
        av.open(io.BytesIO(b"nonsense"))
    except av.FFmpegError as caught:
        found["error"] = type(caught).__name__
    return found
