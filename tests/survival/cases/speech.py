# requires: azure-cognitiveservices-speech==1.43.0
# A core library that opens extensions beside it by name when they are first needed.
import os
import tempfile
import wave

import azure.cognitiveservices.speech as speech


def compressed():
    form = speech.audio.AudioStreamFormat(compressed_stream_format=speech.AudioStreamContainerFormat.MP3)
    return speech.audio.AudioConfig(stream=speech.audio.PushAudioInputStream(form))


def handler(event, context):
    path = os.path.join(tempfile.mkdtemp(), "x.wav")
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(b"\0\0" * 1600)
    config = speech.SpeechConfig(subscription="x", endpoint="ws://127.0.0.1:1")
    sound = speech.audio.AudioConfig(filename=path)
    translation = speech.translation.SpeechTranslationConfig(subscription="x", endpoint="ws://127.0.0.1:1")
    attempts = {
        "wav": lambda: speech.SpeechRecognizer(config, audio_config=sound).recognize_once().reason.name,
        "keyword": lambda: speech.KeywordRecognitionModel("/nowhere"),
        "compressed": lambda: speech.SpeechRecognizer(config, audio_config=compressed()).recognize_once().reason.name,
        "synth": lambda: speech.SpeechSynthesizer(config, audio_config=None).speak_text("x").reason.name,
        "translate": lambda: speech.translation.TranslationRecognizer(translation, audio_config=sound) and "made",
    }
    found = {}
    for name, attempt in attempts.items():
        try:
            found[name] = attempt()
        except Exception as caught:
            found[name] = type(caught).__name__
    return found
