using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>A mailbox (W42): many write messages, the one who made it reads them, and it is gone when that one closes it or dies.</summary>
/// <remarks>
/// What it holds then is gone with it. Reading is for one thread at a time; <see cref="Readable"/> may be waited for by any. It is a <see cref="Queue"/> with one
/// receiver, which disappears with it.
/// </remarks>
public sealed class Mailbox : IDisposable
{
    private const int TheReader = 0;

    private readonly QueueCore _core;
    private readonly QueueReceiver _receiver;

    private Mailbox(QueueCore core, QueueReceiver receiver)
    {
        _core = core;
        _receiver = receiver;
    }

    /// <summary>The name.</summary>
    public string Name => _core.Channel.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _core.Channel.Memory.Info;

    /// <summary>Signalled when there is a message; to be waited for beside other things (W34). Waiting takes nothing.</summary>
    public SharedWaitable Readable => _receiver.Readable;

    /// <summary>Makes a mailbox, which this process reads.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">
    /// How it is made; null for the defaults. It has one receiver, whatever they say. While writers of an earlier mailbox of that name still have it open, that
    /// one's options stay.
    /// </param>
    /// <param name="strategy">How it waits for messages.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: somebody reads a mailbox of that name, or the name is another object's (W04, W07).</exception>
    public static Mailbox Create(string name, QueueOptions? options = null, WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        var parsed = ObjectName.Parse(name);
        var core = new QueueCore(ChannelMemory.Make(parsed, (options ?? new QueueOptions()).ToShape("", isMailbox: true), openExisting: true, out _));
        try
        {
            if (!core.Mode.IsMailbox)
                throw Exists(name, "It is a queue.");
            var receiver = new QueueReceiver(core, strategy);
            ReaderState reader = core.Channel.Memory.ReaderAt(TheReader);
            reader.BeginTenure();
            // Left there by writers to the one before; nobody writes to this one yet, whose messages would be cleared away with theirs.
            core.Clear();
            reader.OpenTenure();
            return new Mailbox(core, receiver);
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.LimitReached)
        {
            core.Channel.Release();
            throw Exists(name, "Somebody reads it already.");
        }
        catch
        {
            core.Channel.Release();
            throw;
        }
    }

    /// <summary>Opens the mailbox of that name, to write to it.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="strategy">How the writer waits for room.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.NotFound"/>: nobody reads such a mailbox (W05). <see cref="FailureReason.WrongKind"/> (W07). <see cref="FailureReason.LimitReached"/>:
    /// it has as many writers as it can.
    /// </exception>
    public static MailboxWriter OpenWriter(string name, WaitStrategy strategy = WaitStrategy.SpinThenBlock) =>
        TryOpenWriter(name, out MailboxWriter? writer, strategy) ? writer : throw Absent.Of(name, SharedObjectKind.Queue);

    /// <summary>Opens the mailbox of that name, to write to it, if somebody reads it.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="writer">Who writes, or null.</param>
    /// <param name="strategy">How the writer waits for room.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/> (W07), <see cref="FailureReason.LimitReached"/>: it has as many writers as it can.</exception>
    public static bool TryOpenWriter(string name, [NotNullWhen(true)] out MailboxWriter? writer, WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        writer = null;
        if (ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Queue) is not { } memory)
            return false;
        var core = new QueueCore(memory);
        try
        {
            if (!core.Mode.IsMailbox)
            {
                throw new SharedObjectException(FailureReason.WrongKind,
                    $"\"{name}\" is a queue, and a mailbox was asked for. Open it by Queue.Open.", name, SharedObjectKind.Queue);
            }
            ReaderState reader = core.Channel.Memory.ReaderAt(TheReader);
            ulong life = reader.Owner, tenure = reader.Tenure;
            if (life != 0 && tenure % 2 == 0 && core.Channel.Lives.IsAlive(life))
                writer = new MailboxWriter(core, reader, life, tenure, strategy);
            return writer is not null;
        }
        finally
        {
            if (writer is null)
                core.Channel.Release();
        }
    }

    /// <summary>Takes the next message.</summary>
    /// <param name="message">The message, in place, until it is disposed or the next one is received.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the mailbox's memory.</exception>
    public bool TryReceive(out QueueMessage message) => _receiver.TryReceive(out message);

    /// <inheritdoc cref="QueueReceiver.TryReceive(TimeSpan, out QueueMessage, CancellationToken)"/>
    public bool TryReceive(TimeSpan timeout, out QueueMessage message, CancellationToken cancellationToken = default) =>
        _receiver.TryReceive(timeout, out message, cancellationToken);

    /// <inheritdoc cref="QueueReceiver.Receive(CancellationToken)"/>
    public QueueMessage Receive(CancellationToken cancellationToken = default) => _receiver.Receive(cancellationToken);

    /// <inheritdoc cref="QueueReceiver.ReceiveAsync(CancellationToken)"/>
    public ValueTask<QueueMessage> ReceiveAsync(CancellationToken cancellationToken = default) => _receiver.ReceiveAsync(cancellationToken);

    /// <inheritdoc cref="QueueReceiver.ReceiveAllAsync(CancellationToken)"/>
    public IAsyncEnumerable<QueueMessage> ReceiveAllAsync(CancellationToken cancellationToken = default) => _receiver.ReceiveAllAsync(cancellationToken);

    /// <summary>The mailbox is gone: its writers are told when they write next, or wait.</summary>
    public void Dispose()
    {
        _receiver.Dispose();
        _core.Channel.Release();
    }

    private static SharedObjectException Exists(string name, string why) => new(FailureReason.AlreadyExists,
        $"A mailbox \"{name}\" was to be made, and there is one. {why} Open a writer of it, or take another name.", name, SharedObjectKind.Queue);
}
