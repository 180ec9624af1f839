using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage;

/// <summary>A named lock for many readers or one writer. Like a <see cref="SharedLock"/> it is held by flows, and may be held across an <c>await</c>.</summary>
/// <remarks>
/// A writer that waits for readers to leave keeps new ones out. When a process ends while it reads, others go on as if it had
/// finished. When it ends while it writes, everybody who enters afterwards is told: <see cref="WaitResult.Abandoned"/>, until one who entered to
/// write has left in good order. It is not re-entrant: who reads and wants to write leaves first.
/// <para>
/// All members may be called from any thread at the same time. It lives while anyone holds a handle of it (W19). What is held when a handle
/// is disposed stays held until the process ends.
/// </para>
/// </remarks>
public sealed class SharedReaderWriterLock : IDisposable
{
    private readonly SharedMemory _memory;
    private readonly MemoryView _view;
    private readonly SharedLock _turn;
    private readonly ReaderWriterMemory _state;
    private readonly ReaderPlaces _places;
    private readonly Lock _gate = new();
    private int _underWay;
    private bool _writes;
    private bool _disposed;

    private SharedReaderWriterLock(ObjectName name, SharedMemory memory, MemoryView view, ReaderWriterMemory state, SharedLock turn)
    {
        Name = name.Full;
        _memory = memory;
        _view = view;
        _turn = turn;
        _state = state;
        _places = new ReaderPlaces(name, _state);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _memory.Info;

    /// <summary>Makes a new lock, held by nobody.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="access">Who may open it (W20).</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    public static SharedReaderWriterLock Create(string name, SharedAccess access = SharedAccess.User) => Make(name, access, openExisting: false, out _);

    /// <summary>Makes the lock, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="access">Who may open a new one.</param>
    public static SharedReaderWriterLock CreateOrOpen(string name, out bool created, SharedAccess access = SharedAccess.User) =>
        Make(name, access, openExisting: true, out created);

    /// <summary>Makes the lock, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static SharedReaderWriterLock CreateOrOpen(string name) => CreateOrOpen(name, out _);

    /// <summary>Opens the lock of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static SharedReaderWriterLock Open(string name) =>
        TryOpen(name, out SharedReaderWriterLock? one) ? one : throw Absent.Of(name, SharedObjectKind.ReaderWriterLock);

    /// <summary>Opens the lock of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="opened">The lock, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out SharedReaderWriterLock? opened)
    {
        var parsed = ObjectName.Parse(name);
        opened = SharedMemory.TryOpenOfKind(SharedObjectKind.ReaderWriterLock, parsed) is { } memory ? Around(parsed, memory, null) : null;
        return opened is not null;
    }

    /// <summary>True when a lock of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.ReaderWriterLock;

    /// <summary>Waits with the calling thread until nobody writes, and reads from then on.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// <see cref="WaitResult.Signaled"/>; <see cref="WaitResult.Abandoned"/> when the last writer died: what it wrote may be half-changed; or
    /// <see cref="WaitResult.TimedOut"/>, and then the lock is not held.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public WaitResult EnterRead(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        ResultOf(Read(parks: true, timeout, cancellationToken));

    /// <inheritdoc cref="EnterRead(TimeSpan, CancellationToken)"/>
    public WaitResult EnterRead(CancellationToken cancellationToken = default) => EnterRead(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="EnterRead(TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="EnterRead(TimeSpan, CancellationToken)"/>
    public ValueTask<WaitResult> EnterReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Read(parks: false, timeout, cancellationToken);

    /// <inheritdoc cref="EnterReadAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<WaitResult> EnterReadAsync(CancellationToken cancellationToken = default) =>
        EnterReadAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Waits with the calling thread until nobody reads or writes, and writes from then on.</summary>
    /// <inheritdoc cref="EnterRead(TimeSpan, CancellationToken)"/>
    public WaitResult EnterWrite(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        ResultOf(Write(parks: true, timeout, cancellationToken));

    /// <inheritdoc cref="EnterWrite(TimeSpan, CancellationToken)"/>
    public WaitResult EnterWrite(CancellationToken cancellationToken = default) => EnterWrite(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="EnterWrite(TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="EnterRead(TimeSpan, CancellationToken)"/>
    public ValueTask<WaitResult> EnterWriteAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Write(parks: false, timeout, cancellationToken);

    /// <inheritdoc cref="EnterWriteAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<WaitResult> EnterWriteAsync(CancellationToken cancellationToken = default) =>
        EnterWriteAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>One who entered through this handle to read has finished. May be called by any thread.</summary>
    /// <exception cref="InvalidOperationException">Nobody reads through this handle.</exception>
    public void ExitRead()
    {
        Begin();
        try
        {
            if (!_places.TryLeave())
                throw NotHeld("read");
        }
        finally
        {
            End();
        }
    }

    /// <summary>The one who entered through this handle to write has finished. May be called by any thread.</summary>
    /// <exception cref="InvalidOperationException">Nobody writes through this handle.</exception>
    public void ExitWrite()
    {
        Begin();
        try
        {
            if (!_writes)
                throw NotHeld("write");
            _writes = false;
            _state.EndWriting();
            _turn.Release();
        }
        finally
        {
            End();
        }
    }

    /// <summary>Closes this handle. A wait that is under way ends with an <see cref="ObjectDisposedException"/> when its turn comes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            CloseIfUnused();
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _underWay++;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _underWay--;
            CloseIfUnused();
        }
    }

    // What is held stays held, and all that says so with it, until the process ends.
    private void CloseIfUnused()
    {
        if (!_disposed || _underWay > 0 || _writes || _places.IsOccupied)
            return;
        _places.Dispose();
        _turn.Dispose();
        _view.Dispose();
        _memory.Dispose();
    }

    private static SharedReaderWriterLock Make(string name, SharedAccess access, bool openExisting, out bool created)
    {
        var parsed = ObjectName.Parse(name);
        SharedWaitable.CheckAccess(parsed, access);
        // First: whoever finds the memory finds the turn, with the access that its maker gave it.
        SharedLock turn = SharedLock.CreateOrOpen(TurnOf(parsed), out _, access);
        try
        {
            SharedMemory memory = SharedMemory.OfKind(SharedObjectKind.ReaderWriterLock, parsed, Environment.SystemPageSize,
                new SharedMemoryOptions { Access = access }, openExisting, out created);
            SharedReaderWriterLock made = Around(parsed, memory, turn);
            if (created)
                made._state.SetAccess(access);
            return made;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private static SharedReaderWriterLock Around(ObjectName name, SharedMemory memory, SharedLock? turn)
    {
        MemoryView? view = null;
        try
        {
            view = memory.Map(0, ReaderWriterState.Length);
            var state = new ReaderWriterMemory(name, view);
            turn ??= SharedLock.CreateOrOpen(TurnOf(name), out _, state.Access);
            return new SharedReaderWriterLock(name, memory, view, state, turn);
        }
        catch
        {
            view?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    private static string TurnOf(ObjectName name) => PartName.Of(name, "turn");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<WaitResult> Read(bool parks, TimeSpan timeout, CancellationToken token)
    {
        Begin();
        try
        {
            if (await Take(_turn, parks, timeout, token).ConfigureAwait(false) == WaitResult.TimedOut)
                return WaitResult.TimedOut;
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                _places.Enter();
                return Entered;
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            End();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<WaitResult> Write(bool parks, TimeSpan timeout, CancellationToken token)
    {
        Begin();
        try
        {
            long begun = Stopwatch.GetTimestamp();
            return await Take(_turn, parks, timeout, token).ConfigureAwait(false) == WaitResult.TimedOut
                ? WaitResult.TimedOut
                : await WriteInTurn(parks, timeout, begun, token).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<WaitResult> WriteInTurn(bool parks, TimeSpan timeout, long begun, CancellationToken token)
    {
        bool entered = false;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Nobody comes in any more; each place is empty once it was had.
            for (int place = 0; place < _places.Count; place++)
            {
                if (_places.At(place) is not { } readers)
                    continue;
                if (await Take(readers, parks, Left(timeout, begun), token).ConfigureAwait(false) == WaitResult.TimedOut)
                    return WaitResult.TimedOut;
                readers.Release();
            }
            WaitResult result = Entered;
            _state.BeginWriting();
            _writes = entered = true;
            return result;
        }
        finally
        {
            if (!entered)
                _turn.Release();
        }
    }

    /// <summary>For who has the turn: a writer would have it, so one that is still marked died.</summary>
    private WaitResult Entered => _state.IsWriting ? WaitResult.Abandoned : WaitResult.Signaled;

    private static WaitResult ResultOf(ValueTask<WaitResult> parked)
    {
        Debug.Assert(parked.IsCompleted, "A wait that parks its thread has ended when it returns.");
        return parked.GetAwaiter().GetResult();
    }

    private static ValueTask<WaitResult> Take(SharedLock one, bool parks, TimeSpan timeout, CancellationToken token) =>
        parks ? ValueTask.FromResult(one.Wait(timeout, token)) : one.WaitAsync(timeout, token);

    private static TimeSpan Left(TimeSpan timeout, long begun)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return timeout;
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private InvalidOperationException NotHeld(string what) =>
        new($"Nobody entered \"{Name}\" through this handle to {what}, so nobody can leave it. Each wait that returned is left once, through the same handle.")
        {
            HResult = unchecked((int)0x80070120),  // ERROR_NOT_OWNER
        };
}
