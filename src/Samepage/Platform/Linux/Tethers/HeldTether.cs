using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>
/// A FIFO that this process holds open for writing: those who have it open for reading are told by the kernel, all at once, when it is closed,
/// in whatever way the process ends.
/// </summary>
/// <remarks>Protocol, and every state in which a process can die: docs/design/tethers.md; model: tests/models/tether.pml.</remarks>
internal sealed class HeldTether : MembershipBackend
{
    /// <summary>The bit of the mode that says that the holder left in good order. On a FIFO it means nothing else, and only the owner may set it.</summary>
    public const uint LeftMode = 0x40;          // 0100

    private const uint UserOnly = 0x180;        // 0600
    private const uint OthersRead = 0x1A4;      // 0644: nobody else may write, and so keep it from ending

    // Guards what is held, and the early table.
    private static readonly Lock _gate = new();
    private static readonly HashSet<HeldTether> _held = [];

    private static readonly HeldTether?[] _ofProcess = new HeldTether?[2];

    private readonly ObjectDirectory _directory;
    private readonly TetherName _name;
    private int _descriptor;
    private bool _isEarly;              // whose table the descriptor is in: EarlyTable's, or that of the process

    static HeldTether() => AppDomain.CurrentDomain.ProcessExit += (_, _) => LeaveAll();

    private HeldTether(ObjectDirectory directory, TetherName name, int descriptor)
    {
        _directory = directory;
        _name = name;
        _descriptor = descriptor;
    }

    public override long Id => _name.Id;

    public TetherName Name => _name;

    /// <summary>Makes one, and holds it until it is disposed or the process ends.</summary>
    /// <param name="directory">The scope in which others find it.</param>
    /// <param name="of">
    /// The object that this process takes part in by it: then the end of a killed process is told as early as can be, while its last threads still
    /// end. Or null: then after all of them.
    /// </param>
    public static HeldTether Hold(ObjectDirectory directory, ObjectIdentity? of)
    {
        while (true)
        {
            // A sweeper that comes before the lock takes it for a dead one's. The next has another name, so each needs a sweep of its own to be lost.
            if (TryHold(directory, TetherName.New(of)) is not { } held)
                continue;
            lock (_gate)
            {
                if (of is not null)
                    held.HandOver();
                _held.Add(held);
            }
            return held;
        }
    }

    /// <summary>The id of that by which others know whether this process lives, made at its first use.</summary>
    /// <remarks>
    /// It is never given up: while the process exits in good order its other threads still run, and may still change what it holds. The
    /// kernel ends it after all of them, and the next sweep removes the file.
    /// </remarks>
    public static ulong OfProcess(SharedObjectScope scope)
    {
        lock (_gate)
        {
            HeldTether held = _ofProcess[(int)scope] ??= Hold(ObjectDirectory.Of(scope, create: true)!, null);
            _ = _held.Remove(held);
            return (ulong)held.Id;
        }
    }

    private static HeldTether? TryHold(ObjectDirectory directory, TetherName name)
    {
        byte[] fileName = name.Encode();
        if (!directory.TryMakeFifo(fileName, UserOnly))
            return null;
        CrashSwitch.Reach(CrashPoint.TetherMade);
        int descriptor = -1;
        bool held = false;
        try
        {
            descriptor = directory.OpenByName(fileName, Native.ReadWrite);
            if (descriptor < 0)
            {
                return LinuxErrors.Last == Errno.ENOENT
                    ? null
                    : throw LinuxErrors.Translate("openat", LinuxErrors.Last, $"Making the tether {directory.PathOf(fileName)}");
            }
            CrashSwitch.Reach(CrashPoint.TetherOpened);
            held = TryLock(descriptor, directory, fileName);
            return held ? new HeldTether(directory, name, descriptor) : null;
        }
        finally
        {
            if (!held)
            {
                // By its name: where no file can be opened, nothing else will do.
                directory.TakeBack(fileName);
                if (descriptor >= 0)
                    _ = LibC.Close(descriptor);
            }
        }
    }

    /// <summary>From here on no sweeper removes it. False: one has.</summary>
    private static bool TryLock(int descriptor, ObjectDirectory directory, byte[] fileName)
    {
        if (!LifeLock.TryJoin(descriptor))
        {
            int error = LinuxErrors.Last;
            return error is Errno.EAGAIN or Errno.EACCES
                ? false
                : throw LinuxErrors.Translate("fcntl F_OFD_SETLK", error, $"Locking the tether {directory.PathOf(fileName)}");
        }
        if (ObjectDirectory.StatusOf(descriptor, directory.PathOf(fileName)).Links == 0)
            return false;
        if (directory.Scope == SharedObjectScope.Global && LibC.FChMod(descriptor, OthersRead) != 0)
            throw LinuxErrors.Translate("fchmod", LinuxErrors.Last, $"Showing the tether {directory.PathOf(fileName)} to others");
        CrashSwitch.Reach(CrashPoint.TetherLocked);
        return true;
    }

    /// <summary>To the table that is closed early. At each moment one of the two holds the FIFO; where it does not go, it stays as it is.</summary>
    private void HandOver()
    {
        if (EarlyTable.TryTake(_descriptor) is not { } taken)
            return;
        CrashSwitch.Reach(CrashPoint.TetherTaken);
        _ = LibC.Close(_descriptor);
        (_descriptor, _isEarly) = (taken, true);
        CrashSwitch.Reach(CrashPoint.TetherHandedOver);
    }

    /// <summary>Leaves in good order.</summary>
    public override void Dispose()
    {
        lock (_gate)
        {
            if (_held.Remove(this))
                Leave();
        }
    }

    private void Leave()
    {
        uint mode = (_directory.Scope == SharedObjectScope.Global ? OthersRead : UserOnly) | LeftMode;
        if (_isEarly)
            EarlyTable.ChangeMode(_descriptor, mode);
        else
            _ = LibC.FChMod(_descriptor, mode);
        CrashSwitch.Reach(CrashPoint.TetherMarked);
        _directory.TakeBack(_name.Encode());
        CrashSwitch.Reach(CrashPoint.TetherUnlinked);
        if (_isEarly)
            EarlyTable.Close(_descriptor);
        else
            _ = LibC.Close(_descriptor);
        CrashSwitch.Reach(CrashPoint.TetherClosed);
    }

    /// <summary>The process ends in good order.</summary>
    private static void LeaveAll()
    {
        lock (_gate)
        {
            foreach (HeldTether tether in _held)
                tether.Leave();
            _held.Clear();
        }
    }
}
