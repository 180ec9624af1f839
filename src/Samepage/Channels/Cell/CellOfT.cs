using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>A <see cref="Cell"/> whose value is a struct of one layout, which is recorded in it and compared by everyone who opens it.</summary>
/// <typeparam name="T">A struct without references. Its fields' names, offsets and sizes count, its own name does not.</typeparam>
/// <remarks>As of <see cref="Cell"/>.</remarks>
[SuppressMessage("Design", "CA1000", Justification = "It is opened by its name and its type, as its sibling is by its name.")]
public sealed class Cell<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] T> : IDisposable
    where T : unmanaged
{
    private static string? _known;

    private readonly CellCore _core;
    private readonly CellSlots _slots;

    private Cell(ChannelMemory memory)
    {
        _core = new CellCore(memory);
        try
        {
            _slots = CellSlots.OfCell(_core.Channel.Memory, _core.Pinning);
            if (_slots.Capacity != Unsafe.SizeOf<T>())
                throw ChannelErrors.Corrupt(Name, $"its values are said to have {_slots.Capacity:N0} bytes, and are structs of {Unsafe.SizeOf<T>():N0}");
        }
        catch
        {
            _core.Dispose();
            throw;
        }
    }

    /// <summary>Found at its first use, so that who asks is told what cannot be.</summary>
    private static string Type => _known ??= StructLayoutText.Of<T>();

    /// <inheritdoc cref="Cell.Name"/>
    public string Name => _core.Channel.Name;

    /// <inheritdoc cref="Cell.Info"/>
    public SharedObjectInfo Info => _core.Channel.Memory.Info;

    /// <inheritdoc cref="Cell.ChangeNumber"/>
    public ulong ChangeNumber
    {
        get
        {
            _core.RequireOpen();
            return _slots.ChangeNumber;
        }
    }

    /// <inheritdoc cref="Cell.LastWriter"/>
    public int LastWriter
    {
        get
        {
            _core.RequireOpen();
            return _slots.LastWriter;
        }
    }

    /// <inheritdoc cref="Cell.Changed"/>
    public SharedWaitable Changed => _core.ChangedOf(_slots);

    /// <summary>The latest value; a struct of zeros when none was ever written. Setting it is <see cref="Write"/>.</summary>
    public T Value
    {
        get => TryRead(out T value) ? value : default;
        set => Write(value);
    }

    /// <inheritdoc cref="Cell.Create"/>
    public static Cell<T> Create(string name, CellOptions? options = null) => new(Make(name, options, openExisting: false, out _));

    /// <inheritdoc cref="Cell.CreateOrOpen(string, out bool, CellOptions?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its values have another layout.</exception>
    public static Cell<T> CreateOrOpen(string name, out bool created, CellOptions? options = null) => Of(Make(name, options, openExisting: true, out created));

    /// <inheritdoc cref="CreateOrOpen(string, out bool, CellOptions?)"/>
    public static Cell<T> CreateOrOpen(string name, CellOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <inheritdoc cref="Cell.Open"/>
    public static Cell<T> Open(string name) => TryOpen(name, out Cell<T>? cell) ? cell : throw Absent.Of(name, SharedObjectKind.Cell);

    /// <inheritdoc cref="Cell.TryOpen"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its values have another layout.</exception>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Cell<T>? cell)
    {
        cell = ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Cell) is { } memory ? Of(memory) : null;
        return cell is not null;
    }

    /// <summary>Writes a value: whoever reads from now on finds it, whole, or a later one.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="SharedObjectException">As of <see cref="Cell.Write"/>.</exception>
    public void Write(in T value) => _core.Write(_slots, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Makes the next value of the latest, while nobody else writes. When the function throws, nothing has changed.</summary>
    /// <param name="update">Makes the next value; of a struct of zeros, when none was ever written. Other writers wait for it; readers do not.</param>
    /// <returns>The next value.</returns>
    /// <exception cref="SharedObjectException">As of <see cref="Cell.Write"/>.</exception>
    public T Update(Func<T, T> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Update(update, static (latest, given) => given(latest));
    }

    /// <inheritdoc cref="Update(Func{T, T})"/>
    /// <param name="state">Handed to the function, so that it need not capture anything.</param>
    /// <param name="update">Makes the next value; of a struct of zeros, when none was ever written. Other writers wait for it; readers do not.</param>
    public T Update<TState>(TState state, Func<T, TState, T> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        T next;
        using (_core.TakeTurn())
        {
            ReadOnlySpan<byte> latest = _slots.Current;
            next = update(latest.IsEmpty ? default : Read(latest), state);
            _core.Put(_slots, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in next)));
        }
        _core.Tell();
        return next;
    }

    /// <summary>Reads the latest value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>False: none was ever written.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the cell's memory.</exception>
    public bool TryRead(out T value) => TryRead(out value, out _);

    /// <inheritdoc cref="TryRead(out T)"/>
    /// <param name="value">The value.</param>
    /// <param name="changeNumber">The number of this value: what <see cref="WaitForChange"/> wants to know. 0: none was ever written.</param>
    public bool TryRead(out T value, out ulong changeNumber)
    {
        _core.RequireOpen();
        bool read = _slots.TryRead(out value, out changeNumber, _core.Pin);
        _core.Know(changeNumber);
        return read;
    }

    /// <inheritdoc cref="Cell.WaitForChange"/>
    public bool WaitForChange(ulong since, TimeSpan timeout, CancellationToken cancellationToken = default) => _core.WaitForChange(_slots, since, timeout, cancellationToken);

    /// <inheritdoc cref="Cell.WaitForChangeAsync(ulong, TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitForChangeAsync(ulong since, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _core.WaitForChangeAsync(_slots, since, timeout, cancellationToken);

    /// <inheritdoc cref="Cell.WaitForChangeAsync(ulong, TimeSpan, CancellationToken)"/>
    public async ValueTask WaitForChangeAsync(ulong since, CancellationToken cancellationToken = default) =>
        await _core.WaitForChangeAsync(_slots, since, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="Cell.Dispose"/>
    public void Dispose() => _core.Dispose();

    private T Read(ReadOnlySpan<byte> latest) => latest.Length == Unsafe.SizeOf<T>()
        ? MemoryMarshal.Read<T>(latest)
        : throw ChannelErrors.Corrupt(Name, $"a value of {latest.Length:N0} bytes was written, and all have {Unsafe.SizeOf<T>():N0}");

    private static ChannelMemory Make(string name, CellOptions? options, bool openExisting, out bool created) =>
        ChannelMemory.Make(ObjectName.Parse(name), (options ?? new()).ToShape(Unsafe.SizeOf<T>(), Type), openExisting, out created);

    private static Cell<T> Of(ChannelMemory memory)
    {
        CellCore.RequireType(memory, Type);
        return new Cell<T>(memory);
    }
}
