using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>A tether that this process watches: one open descriptor and one event, however many handles there are.</summary>
/// <remarks>
/// Closed with the last handle; where a wait may still be sleeping then, when that wait is over: only handles and waits refer to it, and what is
/// collected is closed. A wait that comes to sleep just after the close is refused, as if it had been begun after it.
/// </remarks>
internal sealed class TetherWatch
{
    // Guards all of this.
    private static readonly Lock _gate = new();
    private static readonly Dictionary<string, WeakReference<TetherWatch>> _byPath = [];
    private static readonly Dictionary<long, WeakReference<TetherWatch>> _bySerial = [];
    private static long _serials;

    // First: should the next one fail, the finalizer comes all the same.
    private int _descriptor = -1;

    private readonly EventBackend _gone = WaitableFactory.CreateUnnamedEvent();
    private readonly TetherName _name;
    private readonly string _path;
    private readonly long _serial;
    private int _handles;
    private bool _isClosed;
    private Action? _notify;

    private TetherWatch(TetherName name, string path)
    {
        _name = name;
        _path = path;
        _serial = ++_serials;
    }

    ~TetherWatch()
    {
        lock (_gate)
            Close();
    }

    /// <summary>Set, for good, when the holder is gone.</summary>
    public IFutexObject Gone => (IFutexObject)_gone;

    public SharedObjectState State => _gone.Info.State!;

    /// <summary>Whether the holder died, once it is gone.</summary>
    public bool HasDied { get; private set; }

    /// <summary>How many are being watched.</summary>
    public static int Count
    {
        get
        {
            lock (_gate)
                return _bySerial.Count;
        }
    }

    /// <summary>One more handle of the watch of that tether; null: its holder is gone.</summary>
    public static TetherWatch? TryWatch(ObjectDirectory directory, TetherName name)
    {
        // By the whole name: of two files with one id, one is forged.
        string path = directory.PathOf(name.Encode());
        lock (_gate)
        {
            if (!_byPath.TryGetValue(path, out WeakReference<TetherWatch>? known) || !known.TryGetTarget(out TetherWatch? watch))
            {
                watch = new TetherWatch(name, path);
                if (!watch.TryBegin(directory))
                    return null;
            }
            // Its end may not have been told yet.
            else if (!TetherFile.IsHeld(watch._descriptor, name))
            {
                return null;
            }
            watch._handles++;
            return watch;
        }
    }

    private bool TryBegin(ObjectDirectory directory)
    {
        if (TetherFile.TryOpen(directory, _name) is not { } descriptor)
            return false;
        _descriptor = descriptor;
        var weak = new WeakReference<TetherWatch>(this);
        _byPath[_path] = weak;
        _bySerial.Add(_serial, weak);
        try
        {
            TetherPoll.Add(descriptor, _serial, _path);
            return true;
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>One handle less.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_handles > 0 || !State.IsSignaled && State.HasWaiters)
                return;
            _isClosed = true;
            Close();
        }
        _gone.Dispose();
    }

    /// <summary>As <see cref="IFutexObject.TryMark"/>: after it the watch goes on until the sleep is over, whoever closes it.</summary>
    public bool TryMark(RobustThread me, uint begun, out uint word)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return Gone.TryMark(me, begun, out word);
        }
    }

    /// <summary>The kernel says that nobody holds the tether any more.</summary>
    public static void Tell(long serial)
    {
        TetherWatch? watch;
        lock (_gate)
        {
            if (!_bySerial.TryGetValue(serial, out WeakReference<TetherWatch>? weak) || !weak.TryGetTarget(out watch))
                return;
            watch.HasDied = !TetherFile.HasLeft(watch._descriptor, watch._name);
            watch.Close();
        }
        watch._gone.Set();
        watch._notify?.Invoke();
    }

    /// <summary>Calls this when the holder is gone, on the thread that is told. False: it is gone.</summary>
    public bool TryNotify(Action notify)
    {
        lock (_gate)
        {
            if (_descriptor < 0)
                return false;
            _notify += notify;
            return true;
        }
    }

    /// <summary>Does not call this any more, unless it is about to.</summary>
    public void Forget(Action notify)
    {
        lock (_gate)
            _notify -= notify;
    }

    private void Close()
    {
        if (_descriptor < 0)
            return;
        TetherPoll.Remove(_descriptor);
        _ = LibC.Close(_descriptor);
        _descriptor = -1;
        _ = _bySerial.Remove(_serial, out WeakReference<TetherWatch>? weak);
        // Another may be watching the same one by now, if nothing referred to this one any more.
        if (_byPath.TryGetValue(_path, out WeakReference<TetherWatch>? current) && current == weak)
            _byPath.Remove(_path);
    }
}
