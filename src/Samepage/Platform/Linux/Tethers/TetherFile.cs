using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>A tether seen by those who do not hold it.</summary>
internal static unsafe class TetherFile
{
    /// <summary>Opens it for reading, if somebody holds it. Null: the holder is gone, or it is none of ours.</summary>
    public static int? TryOpen(ObjectDirectory directory, TetherName name)
    {
        byte[] fileName = name.Encode();
        int descriptor = directory.OpenByName(fileName, Native.ReadOnly);
        if (descriptor < 0)
        {
            // Not there; a link, a socket; another user's who has not shown it yet.
            return LinuxErrors.Last switch
            {
                Errno.ENOENT or Errno.ELOOP or Errno.ENXIO or Errno.EACCES => null,
                int error => throw LinuxErrors.Translate("openat", error, $"Opening the tether {directory.PathOf(fileName)}"),
            };
        }
        bool held = false;
        try
        {
            held = IsHeld(descriptor, name);
        }
        finally
        {
            if (!held)
                _ = LibC.Close(descriptor);
        }
        return held ? descriptor : null;
    }

    /// <summary>
    /// Somebody has it open for writing, which only its owner may; and has finished making it. The lock alone would not do: whoever may read it may
    /// take that one too. What has no name after the lock was seen may have been swept before its maker got the lock: that one begins again.
    /// </summary>
    public static bool IsHeld(int descriptor, TetherName name)
    {
        byte nothing;
        return ObjectDirectory.StatusOf(descriptor, name.ToString()).IsFifo
            && LibC.Read(descriptor, &nothing, 1) < 0 && LinuxErrors.Last == Errno.EAGAIN
            && LifeLock.AskHolder(descriptor, name.ToString()) == Native.ReadLock
            && ObjectDirectory.StatusOf(descriptor, name.ToString()).Links > 0;
    }

    /// <summary>True when the holder, which is gone, left in good order.</summary>
    public static bool HasLeft(int descriptor, TetherName name) =>
        (ObjectDirectory.StatusOf(descriptor, name.ToString()).Permissions & HeldTether.LeftMode) != 0;
}
