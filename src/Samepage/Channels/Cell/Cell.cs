using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>The latest value of something, in bytes, shared between processes: anybody writes it, anybody reads it, and only the latest counts.</summary>
/// <remarks>
/// <para>
/// Reading is wait-free: it takes a bounded number of steps, whatever writers do, and also when one of them stops or dies half-way; what is read is one whole
/// value. This holds for each handle: threads that read by the same handle while they are overtaken by writers do so one after the other.
/// </para>
/// <para>
/// It lives while anyone holds a handle of it (W19), and its value with it. All members may be called from any thread at the same time, but for
/// <see cref="Dispose"/>, which comes after the last read and write; waits that are going on it ends. Nothing is allocated for a read or a write.
/// </para>
/// </remarks>
public sealed class Cell : IDisposable
{
    private readonly CellCore _core;
    private readonly CellSlots _slots;

    private Cell(ChannelMemory memory)
    {
        _core = new CellCore(memory);
        try
        {
            _slots = CellSlots.OfCell(_core.Channel.Memory, _core.Pinning);
        }
        catch
        {
            _core.Dispose();
            throw;
        }
    }

    internal CellCore Core => _core;

    internal CellSlots Slots => _slots;

    /// <summary>The name.</summary>
    public string Name => _core.Channel.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _core.Channel.Memory.Info;

    /// <summary>The most bytes of a value, as the cell was made.</summary>
    public int Capacity => _slots.Capacity;

    /// <summary>How many values were ever written; each has the number that this was after it. 0: none.</summary>
    public ulong ChangeNumber
    {
        get
        {
            _core.RequireOpen();
            return _slots.ChangeNumber;
        }
    }

    /// <summary>The process that wrote the latest value, for people; 0: nobody did.</summary>
    public int LastWriter
    {
        get
        {
            _core.RequireOpen();
            return _slots.LastWriter;
        }
    }

    /// <summary>Bytes of the latest value; 0 also when none was ever written.</summary>
    public int Length
    {
        get
        {
            _core.RequireOpen();
            return Math.Max(0, _slots.Length);
        }
    }

    /// <summary>Signalled while there is a later value than this handle has read; to be waited for beside other things (W34), by one at a time. Waiting reads nothing.</summary>
    public SharedWaitable Changed => _core.ChangedOf(_slots);

    /// <summary>Makes a new cell, without a value.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static Cell Create(string name, CellOptions? options = null) => new(Make(name, options ?? new(), openExisting: false, out _));

    /// <summary>Makes the cell, or opens the one that has the name; then its own options win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="options">How a new one is made.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: as many have it open as it was made for.</exception>
    public static Cell CreateOrOpen(string name, out bool created, CellOptions? options = null) => Of(Make(name, options ?? new(), openExisting: true, out created));

    /// <inheritdoc cref="CreateOrOpen(string, out bool, CellOptions?)"/>
    public static Cell CreateOrOpen(string name, CellOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <summary>Opens the cell of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07). <see cref="FailureReason.LimitReached"/>: as many have it open as
    /// it was made for. <see cref="FailureReason.VersionMismatch"/>: its values are structs, which only a <see cref="Cell{T}"/> opens.
    /// </exception>
    public static Cell Open(string name) => TryOpen(name, out Cell? cell) ? cell : throw Absent.Of(name, SharedObjectKind.Cell);

    /// <summary>Opens the cell of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="cell">The cell, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Cell? cell)
    {
        cell = ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Cell) is { } memory ? Of(memory) : null;
        return cell is not null;
    }

    /// <summary>True when a cell of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Cell;

    /// <summary>Writes a value: whoever reads from now on finds it, whole, or a later one.</summary>
    /// <param name="value">Its bytes.</param>
    /// <exception cref="ArgumentException">It is longer than <see cref="Capacity"/>.</exception>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.OutOfSpace"/>: there is no memory for it; the value before it stays. <see cref="FailureReason.LimitReached"/>: as many handles
    /// write as it was made for. <see cref="FailureReason.Corrupt"/>: somebody wrote into the cell's memory.
    /// </exception>
    public void Write(ReadOnlySpan<byte> value) => _core.Write(_slots, value);

    /// <summary>Makes the next value of the latest, while nobody else writes. When the function throws, nothing has changed.</summary>
    /// <param name="state">Handed to the function, so that it need not capture anything.</param>
    /// <param name="update">Makes the next value. Other writers wait for it; readers do not. It must not write to this cell itself.</param>
    /// <exception cref="ArgumentException">The next value is longer than <see cref="Capacity"/>.</exception>
    /// <exception cref="SharedObjectException">As of <see cref="Write"/>.</exception>
    public void Update<TState>(TState state, CellUpdate<TState> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        using (_core.TakeTurn())
            _core.Put(_slots, _slots.Fitting(update(_slots.Current, state)));
        _core.Tell();
    }

    /// <summary>Reads the latest value, if there is room for it.</summary>
    /// <param name="destination">Where to; what stands behind the value in it may be spoilt.</param>
    /// <param name="length">How long the value is, also when there was no room for it; 0 when none was ever written.</param>
    /// <returns>False: there is no room, or no value.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the cell's memory.</exception>
    public bool TryRead(Span<byte> destination, out int length) => TryRead(destination, out length, out _);

    /// <inheritdoc cref="TryRead(Span{byte}, out int)"/>
    /// <param name="destination">Where to; what stands behind the value in it may be spoilt.</param>
    /// <param name="length">How long the value is, also when there was no room for it; 0 when none was ever written.</param>
    /// <param name="changeNumber">The number of this value: what <see cref="WaitForChange"/> wants to know. 0: none was ever written.</param>
    public bool TryRead(Span<byte> destination, out int length, out ulong changeNumber)
    {
        _core.RequireOpen();
        bool read = _slots.TryRead(destination, out length, out changeNumber, _core.Pin);
        if (read || changeNumber == 0)
            _core.Know(changeNumber);
        return read;
    }

    /// <summary>Reads the latest value.</summary>
    /// <param name="destination">Where to; what stands behind the value in it may be spoilt.</param>
    /// <returns>How many bytes it has; 0 also when none was ever written.</returns>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the cell's memory.</exception>
    public int Read(Span<byte> destination) => TryRead(destination, out int length, out ulong number) || number == 0
        ? length
        : throw new ArgumentException($"The value has {length:N0} bytes, and there is room for {destination.Length:N0}.", nameof(destination));

    /// <summary>A copy of the latest value; empty also when none was ever written.</summary>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the cell's memory.</exception>
    public byte[] ToArray() => ToArray(out _);

    internal byte[] ToArray(out ulong number)
    {
        var room = new byte[Length];
        int length;
        // A later value may be longer, up to the capacity, which is the end of it.
        while (!TryRead(room, out length, out number) && number != 0)
            room = new byte[(int)Math.Min(Capacity, Math.Max(length, room.Length * 2L))];
        return length == room.Length ? room : room[..length];
    }

    /// <summary>Waits until the latest value is another one.</summary>
    /// <param name="since">The number of the value that is known; 0: none.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed meanwhile.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: as many wait, or have it open, as it was made for.</exception>
    public bool WaitForChange(ulong since, TimeSpan timeout, CancellationToken cancellationToken = default) => _core.WaitForChange(_slots, since, timeout, cancellationToken);

    /// <summary>As <see cref="WaitForChange"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitForChange"/>
    public ValueTask<bool> WaitForChangeAsync(ulong since, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _core.WaitForChangeAsync(_slots, since, timeout, cancellationToken);

    /// <inheritdoc cref="WaitForChangeAsync(ulong, TimeSpan, CancellationToken)"/>
    public async ValueTask WaitForChangeAsync(ulong since, CancellationToken cancellationToken = default) =>
        await _core.WaitForChangeAsync(_slots, since, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    /// <summary>Closes this handle. Waits by it end.</summary>
    public void Dispose() => _core.Dispose();

    /// <summary>A cell whose bytes mean something of their own: who asks for another type is refused.</summary>
    internal static Cell CreateOrOpen(string name, string type, CellOptions options) => Of(Make(name, options, openExisting: true, out _, type), type);

    private static ChannelMemory Make(string name, CellOptions options, bool openExisting, out bool created, string type = "") =>
        ChannelMemory.Make(ObjectName.Parse(name), options.ToShape(options.Capacity, type), openExisting, out created);

    private static Cell Of(ChannelMemory memory, string type = "")
    {
        CellCore.RequireType(memory, type);
        return new Cell(memory);
    }
}
