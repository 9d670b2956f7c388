# requires: pysdl2-dll==2.32.0 pysdl2==0.9.17
# Libraries in a directory that one distribution tells another in an environment variable; codecs on demand.
import os

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
import sdl2
import sdl2.ext
import sdl2.sdlimage
import sdl2.sdlmixer
import sdl2.sdlttf


def handler(event, context):
    found = {"init": sdl2.SDL_Init(sdl2.SDL_INIT_VIDEO | sdl2.SDL_INIT_AUDIO)}
    found["image"] = sdl2.sdlimage.IMG_Init(0xFF)
    found["mixer"] = sdl2.sdlmixer.Mix_Init(0xFF)
    found["ttf"] = sdl2.sdlttf.TTF_Init()
    s = sdl2.SDL_CreateRGBSurface(0, 8, 8, 32, 0, 0, 0, 0)
    import tempfile

    path = os.path.join(tempfile.mkdtemp(), "x.png").encode()
    found["saved"] = sdl2.sdlimage.IMG_SavePNG(s, path)
    found["jpg"] = sdl2.sdlimage.IMG_SaveJPG(s, path + b".jpg", 80)
    found["loaded"] = [bool(sdl2.sdlimage.IMG_Load(path)), bool(sdl2.sdlimage.IMG_Load(path + b".jpg"))]
    return found
