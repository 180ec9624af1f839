using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>The kernel's locks on an open object file, which tell who is alive: fcntl(2), open file description locks.</summary>
/// <remarks>
/// They lie on the first two bytes of the file:
/// <code>
/// byte 0  life     shared by every holder
/// byte 1  removal  shared for a moment by who waits until the name is free
/// both             exclusively by who removes the file
/// </code>
/// A lock on byte 1 is no sign of life, so waiting never makes a dead object look alive.
/// </remarks>
internal static unsafe class LifeLock
{
    private static readonly (long Start, long Length) _life = (0, 1);
    private static readonly (long Start, long Length) _removal = (1, 1);
    private static readonly (long Start, long Length) _both = (0, 2);

    /// <summary>What is asked of the kernel in order to join the holders.</summary>
    public static FileLock Joining => Of(Native.ReadLock, _life);

    /// <summary>Joins the holders, unless somebody holds the file alone.</summary>
    public static bool TryJoin(int descriptor) => TrySet(descriptor, Joining);

    /// <summary>Joins the holders of a file that somebody else is known to hold, or that nobody else can see yet.</summary>
    public static void Join(int descriptor, string name) => Set(descriptor, Native.OfdSetLock, Joining, name);

    /// <summary>Leaves the holders.</summary>
    public static void Leave(int descriptor) => _ = TrySet(descriptor, Of(Native.Unlock, _both));

    /// <summary>Holds the file alone, if nobody else holds it: from then on its removal is this process's business.</summary>
    public static bool TryHoldAlone(int descriptor) => TrySet(descriptor, Of(Native.WriteLock, _both));

    /// <summary>Sleeps until nobody holds the file alone.</summary>
    public static void WaitForRemoval(int descriptor, string name) =>
        Set(descriptor, Native.OfdSetLockWait, Of(Native.ReadLock, _removal), name);

    /// <summary>Which lock stands in the way of holding the file alone: none (<see cref="Native.Unlock"/>), shared, or exclusive.</summary>
    public static short AskHolder(int descriptor, string? name)
    {
        FileLock question = Of(Native.WriteLock, _life);
        if (LibC.FcntlLock(descriptor, Native.OfdGetLock, &question) != 0)
            throw LinuxErrors.Translate("fcntl F_OFD_GETLK", LinuxErrors.Last, $"Asking who holds \"{name}\"", name);
        return question.Type;
    }

    private static bool TrySet(int descriptor, FileLock request) => LibC.FcntlLock(descriptor, Native.OfdSetLock, &request) == 0;

    private static void Set(int descriptor, int command, FileLock request, string name)
    {
        while (LibC.FcntlLock(descriptor, command, &request) != 0)
        {
            if (LinuxErrors.Last != Errno.EINTR)
            {
                throw LinuxErrors.Translate("fcntl F_OFD_SETLK", LinuxErrors.Last, $"Locking \"{name}\"", name, null,
                    "the file system has no locks on open files, which tell who is alive. tmpfs and every local disk file system have them.");
            }
        }
    }

    private static FileLock Of(short type, (long Start, long Length) range) =>
        new() { Type = type, Start = range.Start, Length = range.Length };
}
