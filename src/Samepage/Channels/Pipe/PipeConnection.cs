using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>One end of a duplex connection between two processes: a stream of bytes each way, or messages, through shared memory (W41, W46).</summary>
/// <remarks>
/// One thread at a time reads, and one, which may be another, writes. <see cref="Dispose"/> may be called by any; a wait that another thread has begun ends by it.
/// <para>
/// What was written before the other end closed or died is read first. Then its close is a clean end, and its death a <see cref="SharedObjectException"/> with
/// <see cref="FailureReason.PeerDied"/>, at once. Who writes to an end that does not read any more gets one with <see cref="FailureReason.PeerClosed"/>.
/// </para>
/// </remarks>
public sealed partial class PipeConnection : IDuplexPipe, IDisposable, IAsyncDisposable
{
    private const string Nameless = "";

    private readonly PipeCore _core;
    private readonly PipeSource _source;
    private readonly PipeSink _sink;
    private readonly string _pipe;
    private nint _open = 1;

    private PipeConnection(PipeCore core, WaitStrategy strategy, string pipe)
    {
        _core = core;
        _pipe = pipe;
        _sink = new PipeSink(core, strategy);
        _source = new PipeSource(core, strategy);
        core.TellDeath(() =>
        {
            _source.End.Nudge();
            _sink.End.Nudge();
        });
        MeasuredObjects.Add(SharedObjectKind.Pipe, pipe, _source.End);
        MeasuredObjects.Add(SharedObjectKind.Pipe, pipe, _sink.End);
    }

    /// <summary>What it carries, as the pipe was made.</summary>
    public PipeMode Mode => _core.Mode;

    /// <summary>True when the other end is there, or was. Only of a pair it may not be: <see cref="CreatePair"/>.</summary>
    public bool IsConnected => _core.TryMeet();

    /// <summary>Signalled when there is something to read, or nothing will come any more; to be waited for beside other things (W34). Waiting takes nothing.</summary>
    public SharedWaitable Readable => _source.End.Signal;

    /// <summary>
    /// Signalled when there is room for what last found none, or nobody will read it; to be waited for beside other things (W34). Waiting takes nothing.
    /// </summary>
    public SharedWaitable Writable => _sink.End.Signal;

    /// <summary>Connects to whoever listens, and waits until somebody does and has accepted.</summary>
    /// <param name="name">The pipe, as for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="timeout">How long at most; zero does not even wait for an answer.</param>
    /// <param name="strategy">How this end waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Nobody has accepted in that time.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/>: the name is that of another object (W07).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static PipeConnection Connect(
        string name, TimeSpan timeout, WaitStrategy strategy = WaitStrategy.SpinThenBlock, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        long begun = Stopwatch.GetTimestamp();
        using var attempt = new Connecting(ObjectName.Parse(name), strategy);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool inTime = attempt.TryAsk()
                ? attempt.Answer!.Wait(Deadline.Left(timeout, begun), cancellationToken)
                : attempt.Change.Wait(Deadline.Left(timeout, begun), cancellationToken) != WaitResult.TimedOut;
            if (attempt.HasAsked && attempt.TryTake(out PipeConnection? connection))
                return connection;
            if (!inTime)
                throw TooLate(name, timeout);
            if (!attempt.HasAsked)
                attempt.Woken();
        }
    }

    /// <inheritdoc cref="Connect(string, TimeSpan, WaitStrategy, CancellationToken)"/>
    public static PipeConnection Connect(string name, CancellationToken cancellationToken = default) =>
        Connect(name, Timeout.InfiniteTimeSpan, cancellationToken: cancellationToken);

    /// <summary>As <see cref="Connect(string, TimeSpan, WaitStrategy, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Connect(string, TimeSpan, WaitStrategy, CancellationToken)"/>
    public static async ValueTask<PipeConnection> ConnectAsync(
        string name, TimeSpan timeout, WaitStrategy strategy = WaitStrategy.SpinThenBlock, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        long begun = Stopwatch.GetTimestamp();
        using var attempt = new Connecting(ObjectName.Parse(name), strategy);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool inTime = attempt.TryAsk()
                ? await attempt.Answer!.WaitAsync(Deadline.Left(timeout, begun), cancellationToken).ConfigureAwait(false)
                : await attempt.Change.WaitAsync(Deadline.Left(timeout, begun), cancellationToken).ConfigureAwait(false) != WaitResult.TimedOut;
            if (attempt.HasAsked && attempt.TryTake(out PipeConnection? connection))
                return connection;
            if (!inTime)
                throw TooLate(name, timeout);
            if (!attempt.HasAsked)
                attempt.Woken();
        }
    }

    /// <inheritdoc cref="ConnectAsync(string, TimeSpan, WaitStrategy, CancellationToken)"/>
    public static ValueTask<PipeConnection> ConnectAsync(string name, CancellationToken cancellationToken = default) =>
        ConnectAsync(name, Timeout.InfiniteTimeSpan, cancellationToken: cancellationToken);

    /// <summary>Makes a connection without a name, whose other end a child process opens: pass it the text, on its command line or otherwise (W41).</summary>
    /// <param name="childHandle">For <see cref="OpenHandle"/> of the child: any process of this user can use it, once.</param>
    /// <param name="options">How it is made.</param>
    /// <remarks>
    /// What is written before the child has opened its end waits for it there, so this end must not be closed before. Until then this process is not told when the child
    /// dies: nobody knows who will open it. From then on it is.
    /// </remarks>
    public static PipeConnection CreatePair(out string childHandle, PipeOptions? options = null)
    {
        options ??= new PipeOptions();
        childHandle = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return Around(PipeCore.Make(PairName(childHandle), options.ToPair()), options.Strategy, Nameless);
    }

    /// <summary>Opens the other end of a pair, in whatever process.</summary>
    /// <param name="handle">What <see cref="CreatePair"/> gave.</param>
    /// <param name="strategy">How this end waits.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/>: who made it has closed it or died, or somebody has opened it already.</exception>
    /// <exception cref="ArgumentException">It is no such text.</exception>
    public static PipeConnection OpenHandle(string handle, WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle.Length != 32 || !UInt128.TryParse(handle, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            throw new ArgumentException($"\"{handle}\" is no handle of a pipe. Pass on the text that CreatePair gave.", nameof(handle));
        return TryJoin(PairName(handle), strategy, Nameless) ?? throw new SharedObjectException(FailureReason.NotFound,
            "The other end of this pipe was closed, or its process has ended, or this end has been opened already. It can be opened once.", null, SharedObjectKind.Pipe);
    }

    /// <summary>The connection as a stream of bytes: reads and writes are its own, and what it disposes.</summary>
    /// <param name="leaveOpen">True: disposing the stream leaves the connection open.</param>
    /// <returns>One that can time out. Of one thread at a time for reading, and one for writing.</returns>
    /// <exception cref="InvalidOperationException">It carries messages.</exception>
    public Stream AsStream(bool leaveOpen = false)
    {
        Require(PipeMode.Bytes);
        return new PipeStream(this, leaveOpen ? null : Dispose);
    }

    /// <summary>What comes, for who reads by <see cref="PipeReader"/>; completing it tells the other end that nothing more will be read.</summary>
    /// <exception cref="InvalidOperationException">It carries messages.</exception>
    [field: AllowNull]
    public PipeReader Input => field ??= PipeReader.Create(AsHalf(_source.Complete), new StreamPipeReaderOptions(useZeroByteReads: true));

    /// <summary>What goes, for who writes by <see cref="PipeWriter"/>; completing it is <see cref="CompleteWriting"/>.</summary>
    /// <exception cref="InvalidOperationException">It carries messages.</exception>
    [field: AllowNull]
    public PipeWriter Output => field ??= PipeWriter.Create(AsHalf(_sink.Complete));

    /// <summary>Nothing more will be written: the other end reads all that was, and then the end. Reading goes on.</summary>
    public void CompleteWriting()
    {
        ObjectDisposedException.ThrowIf(_open == 0, this);
        _sink.Complete();
    }

    /// <summary>Closes this end. What it has written can still be read by the other one.</summary>
    public void Dispose()
    {
        if (SharedAtomics.Take(ref _open) == 0)
            return;
        _core.TellDeath(null);
        MeasuredObjects.Remove(SharedObjectKind.Pipe, _pipe, _source.End);
        MeasuredObjects.Remove(SharedObjectKind.Pipe, _pipe, _sink.End);
        _source.Dispose();
        _sink.Dispose();
        _core.Release();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal PipeSource Source => _source;

    internal PipeSink Sink => _sink;

    /// <summary>The other end had closed before this one met it.</summary>
    internal bool IsDeserted => _core.Peer == PipeSide.Nobody;

    /// <param name="core">Taken over, also if this fails.</param>
    /// <param name="strategy">How it waits.</param>
    /// <param name="pipe">The pipe whose connection it is, for who measures.</param>
    internal static PipeConnection Around(PipeCore core, WaitStrategy strategy, string pipe)
    {
        try
        {
            return new PipeConnection(core, strategy, pipe);
        }
        catch
        {
            core.Release();
            throw;
        }
    }

    internal static PipeConnection? TryJoin(ObjectName name, WaitStrategy strategy, string pipe)
    {
        if (PipeCore.TryJoin(name) is not { } core)
            return null;
        PipeConnection joined = Around(core, strategy, pipe);
        try
        {
            // First: who has closed after it was met was connected, and what it wrote is read.
            _ = core.TryMeet();
            core.Arrive();
            return joined;
        }
        catch
        {
            joined.Dispose();
            throw;
        }
    }

    /// <summary>Waits on one of its ends. The memory stays until the wait is over, even if the connection is disposed meanwhile.</summary>
    internal bool Wait(ChannelEnd end, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _core.Retain();
        try
        {
            return end.Wait(timeout, cancellationToken);
        }
        finally
        {
            _core.Release();
        }
    }

    /// <inheritdoc cref="Wait"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> WaitAsync(ChannelEnd end, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _core.Retain();
        try
        {
            return await end.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _core.Release();
        }
    }

    private PipeStream AsHalf(Action complete)
    {
        Require(PipeMode.Bytes);
        return new PipeStream(this, complete);
    }

    private void Require(PipeMode mode)
    {
        ObjectDisposedException.ThrowIf(_open == 0, this);
        if (Mode != mode)
            throw new InvalidOperationException($"This pipe carries {Mode.ToString().ToLowerInvariant()}, not {mode.ToString().ToLowerInvariant()}: so it was made.");
    }

    private static ObjectName PairName(string handle) => ObjectName.Parse(PartName.Of(ObjectName.Parse("pair"), handle));

    private static TimeoutException TooLate(string name, TimeSpan timeout) =>
        new($"Nobody has accepted a connection to the pipe \"{name}\" within {timeout}. Start the program that listens, or wait longer.");
}
