using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>The mutex of those who change what a channel has in common, a part of the channel. Nobody sleeps under it, and whoever dies under it leaves what the next can go on from.</summary>
internal sealed class ChannelTurn : IDisposable
{
    private readonly SharedMutex _mutex;
    private readonly string _channel;
    private readonly string _of;

    /// <param name="memory">The channel's.</param>
    /// <param name="of">What they change.</param>
    public ChannelTurn(ChannelMemory memory, string of = "turn")
        : this(memory.Name, of, memory.Shape.Access)
    {
    }

    public ChannelTurn(ObjectName channel, string of, SharedAccess access)
    {
        _channel = channel.Full;
        _of = of;
        _mutex = SharedMutex.CreateOrOpen(PartName.Of(channel, of), out _, access: access);
    }

    public Held Take()
    {
        // Abandoned or not: every state is one to go on from.
        if (_mutex.Wait(Patience.OfSteps) == WaitResult.TimedOut)
            throw ChannelErrors.Corrupt(_channel, Patience.Exhausted($"its {_of}", _mutex.Info.State?.OwnerThreadId ?? 0));
        return new Held(_mutex);
    }

    public void Dispose() => _mutex.Dispose();

    /// <summary>The turn, until it is disposed.</summary>
    public readonly ref struct Held
    {
        // Null: there is none.
        private readonly SharedMutex? _mutex;

        internal Held(SharedMutex mutex) => _mutex = mutex;

        public void Dispose() => _mutex?.Release();
    }
}
