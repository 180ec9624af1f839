using System.Globalization;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>The events by which the ends of a channel are woken: one for each that ever slept, a part of the channel.</summary>
/// <param name="channel">The channel.</param>
/// <param name="role">Which of its ends.</param>
/// <param name="count">How many of them there can be.</param>
/// <param name="access">Who may open the channel.</param>
internal sealed class BellBoard(ObjectName channel, string role, int count, SharedAccess access) : IDisposable
{
    private readonly SharedEvent?[] _opened = new SharedEvent?[count];
    private readonly Lock _gate = new();
    private bool _disposed;

    public string Channel => channel.Full;

    /// <summary>How many were rung.</summary>
    public long Rings { get; private set; }

    /// <summary>That of an end of this process, which keeps it.</summary>
    public SharedEvent Make(int end) => SharedEvent.CreateOrOpen(NameOf(end), EventResetMode.ManualReset, out _, initiallySet: false, access);

    /// <summary>Wakes an end that says that it sleeps. It makes its bell before it says so.</summary>
    /// <returns>False: it has none, or it cannot be opened or rung now. As long as the end says so, each piece of news tries again.</returns>
    public bool TryRing(int end)
    {
        lock (_gate)
        {
            if (_disposed)
                return true;
            try
            {
                if (_opened[end] is null && SharedEvent.TryOpen(NameOf(end), out SharedEvent? bell))
                    _opened[end] = bell;
                if (_opened[end] is not { } opened)
                    return false;
                opened.Set();
                Rings++;
                return true;
            }
            catch (SharedObjectException)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (SharedEvent? bell in _opened)
                bell?.Dispose();
        }
    }

    private string NameOf(int end) => PartName.Of(channel, string.Create(CultureInfo.InvariantCulture, $"{role}.{end}"));
}
