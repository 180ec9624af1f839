using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>The other processes that have a part in a channel, as far as this one counts on them: each is watched once, until it is gone.</summary>
internal sealed class PeerLives : IDisposable
{
    private readonly SharedObjectScope _scope;
    private readonly Action<ulong> _gone;
    private readonly Dictionary<ulong, IDisposable> _watches = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <param name="scope">That of the channel.</param>
    /// <param name="gone">Told of each that ended, on a thread of the library.</param>
    public PeerLives(SharedObjectScope scope, Action<ulong> gone)
    {
        _scope = scope;
        _gone = gone;
        Own = Host.Platform.ProcessLife(scope);
    }

    /// <summary>The life of this process.</summary>
    public ulong Own { get; }

    /// <summary>False: all of that process has ended. True: it lived when it was asked first, and its end will be told.</summary>
    public bool IsAlive(ulong life)
    {
        if (life == Own)
            return true;
        lock (_gate)
        {
            return _disposed || _watches.ContainsKey(life) || TryWatch(life);
        }
    }

    /// <summary>As it is now, for who would refuse something on account of that process: its end may be on its way to be told.</summary>
    public bool HasEnded(ulong life)
    {
        if (life == Own)
            return false;
        using IDisposable? watch = Host.Platform.WatchProcess(_scope, life, static () => { });
        return watch is null;
    }

    /// <summary>As <see cref="IsAlive"/>, and asked again.</summary>
    public bool IsAliveNow(ulong life) => IsAlive(life) && !HasEnded(life);

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (IDisposable watch in _watches.Values)
                watch.Dispose();
            _watches.Clear();
        }
    }

    private bool TryWatch(ulong life)
    {
        if (Host.Platform.WatchProcess(_scope, life, () => Gone(life)) is not { } watch)
            return false;
        _watches.Add(life, watch);
        return true;
    }

    private void Gone(ulong life)
    {
        lock (_gate)
        {
            if (!_watches.Remove(life, out IDisposable? watch))
                return;
            watch.Dispose();
        }
        _gone(life);
    }
}
