using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>Listens to a named pipe, and makes a connection with each client that comes (W41, W46).</summary>
/// <remarks>
/// A name has one listener; when it is disposed or its process dies, another can take its place, and its connections live on. All members may be called from any thread
/// at the same time.
/// </remarks>
public sealed class PipeListener : IDisposable
{
    private readonly Rendezvous _rendezvous;
    private readonly WaitStrategy _strategy;
    private readonly ListeningEnd _end;
    private readonly Lock _gate = new();
    private nint _open = 1;
    private int _place = -1;

    private PipeListener(Rendezvous rendezvous, WaitStrategy strategy)
    {
        _rendezvous = rendezvous;
        _strategy = strategy;
        _end = new ListeningEnd(this, strategy);
    }

    /// <summary>The name.</summary>
    public string Name => _rendezvous.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _rendezvous.Info;

    /// <summary>Signalled when a client has asked; to be waited for beside other things (W34). Waiting takes nothing.</summary>
    public SharedWaitable Acceptable => _end.Signal;

    /// <summary>Begins to listen.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">How its connections are made; null for the defaults.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.AlreadyExists"/>: somebody listens there (W04); <see cref="FailureReason.WrongKind"/>: an object of another kind has the name (W07).
    /// </exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static PipeListener Create(string name, PipeOptions? options = null)
    {
        options ??= new PipeOptions();
        ObjectName parsed = ObjectName.Parse(name);
        Rendezvous rendezvous = Rendezvous.Make(parsed, options.ToListener());
        try
        {
            var listener = new PipeListener(rendezvous, options.Strategy);
            Rendezvous.RingChanged(parsed);
            return listener;
        }
        catch
        {
            rendezvous.Leave();
            rendezvous.Dispose();
            throw;
        }
    }

    /// <summary>Accepts a client that has asked.</summary>
    /// <param name="connection">This end of its connection.</param>
    /// <returns>False: nobody asks now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: the connection could not be opened; the client is told.</exception>
    public bool TryAccept([NotNullWhen(true)] out PipeConnection? connection)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_open == 0, this);
            while (_rendezvous.TryTake(ref _place, out ulong request))
            {
                _end.Found();
                connection = null;
                try
                {
                    connection = PipeConnection.TryJoin(_rendezvous.NameOf(ConnectRequest.IdOf(request)), _strategy, _rendezvous.Name);
                    if (connection is { IsDeserted: true })
                    {
                        connection.Dispose();
                        connection = null;
                    }
                }
                catch (SharedObjectException strange) when (strange.Reason is FailureReason.Corrupt or FailureReason.VersionMismatch or FailureReason.WrongKind)
                {
                    // This client's fault, and no concern of the others.
                }
                finally
                {
                    _rendezvous.Answer(_place, request, accepted: connection is not null);
                }
                // It may have gone before it was its turn.
                if (connection is not null)
                    return true;
            }
        }
        connection = null;
        return false;
    }

    /// <summary>Accepts the next client.</summary>
    /// <param name="timeout">How long to wait for one at most.</param>
    /// <param name="connection">This end of its connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <inheritdoc cref="TryAccept(out PipeConnection?)"/>
    public bool TryAccept(TimeSpan timeout, [NotNullWhen(true)] out PipeConnection? connection, CancellationToken cancellationToken = default)
    {
        SharedWaitable.CheckTimeout(timeout);
        long begun = Stopwatch.GetTimestamp();
        while (!TryAccept(out connection))
        {
            _rendezvous.Retain();
            try
            {
                if (!_end.Wait(Deadline.Left(timeout, begun), cancellationToken))
                    return false;
            }
            finally
            {
                _rendezvous.Dispose();
            }
        }
        return true;
    }

    /// <summary>Accepts the next client, and waits until there is one.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public PipeConnection Accept(CancellationToken cancellationToken = default)
    {
        PipeConnection? connection;
        while (!TryAccept(Timeout.InfiniteTimeSpan, out connection, cancellationToken))
        {
        }
        return connection;
    }

    /// <summary>As <see cref="Accept"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Accept"/>
    public async ValueTask<PipeConnection> AcceptAsync(CancellationToken cancellationToken = default)
    {
        PipeConnection? connection;
        while (!TryAccept(out connection))
        {
            _rendezvous.Retain();
            try
            {
                _ = await _end.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _rendezvous.Dispose();
            }
        }
        return connection;
    }

    /// <summary>Listens no more: who asks, waits for the next listener. The connections live on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (SharedAtomics.Take(ref _open) == 0)
                return;
            // First: the next listener sleeps in the same place.
            _end.Dispose();
            _rendezvous.Leave();
            _rendezvous.Dispose();
        }
    }

    private sealed class ListeningEnd(PipeListener listener, WaitStrategy strategy) : ChannelEnd(listener._rendezvous.Listeners, 0, strategy)
    {
        public override bool IsReady => listener._open == 0 || listener._rendezvous.IsAsked;

        // A client that dies has nothing to say.
        protected override void BeforeSleep()
        {
        }
    }
}
