using System.Runtime.CompilerServices;
using Samepage.Platform;

namespace Samepage;

/// <summary>A range of a section, mapped into this process (W13): bytes to read and write in place.</summary>
/// <remarks>
/// Reading and writing are as thread-safe as any memory: not at all, across threads and processes alike; protect what needs it with a
/// <see cref="SharedMutex"/>. A span must not be used after <see cref="Dispose"/>; memory from <see cref="Memory"/> notices it.
/// </remarks>
public sealed unsafe class MemoryView : IDisposable
{
    private readonly SectionBackend _section;
    private readonly ViewBackend _backend;
    private readonly Lock _gate = new();
    private readonly long _length;
    private byte* _address;
    private int _writableLength;
    private int _pins;
    private bool _disposed;

    /// <param name="section">What it is of.</param>
    /// <param name="backend">The mapping.</param>
    /// <param name="offset">Where it begins within the section.</param>
    /// <param name="access">What it may do.</param>
    /// <param name="knowsCommitted">Who uses it knows what is committed; then nothing within the view is refused.</param>
    internal MemoryView(SectionBackend section, ViewBackend backend, long offset, MemoryAccess access, bool knowsCommitted = false)
    {
        SectionName = section.Name;
        _section = section;
        _backend = backend;
        _length = backend.Length;
        _address = (byte*)backend.Address;
        Offset = offset;
        Access = access;
        IsGrowing = !knowsCommitted && section.CommittedSize < section.Size;
        // The whole view as one span, ready for the short path of Span; negative where something must be looked at first.
        _writableLength = access.CanWrite() && !IsGrowing && _length <= int.MaxValue ? (int)_length : -1;
    }

    /// <summary>The name of the section, or null.</summary>
    public string? SectionName { get; }

    /// <summary>Where the view begins within the section, in bytes.</summary>
    public long Offset { get; }

    /// <summary>How long it is, in bytes.</summary>
    public long Length => _length;

    /// <summary>How many of its bytes have memory behind them: all, unless the section was reserved (W12).</summary>
    public long CommittedLength => IsGrowing ? Math.Clamp(_section.CommittedSize - Offset, 0, _length) : _length;

    /// <summary>What it may do.</summary>
    public MemoryAccess Access { get; }

    /// <summary>Where it lies in this process. Never store an address in shared memory: it lies elsewhere in every other process.</summary>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return (nint)_address;
        }
    }

    private bool IsGrowing { get; }

    /// <summary>All committed bytes of the view, for writing. For more than 2 GiB take parts: <see cref="GetSpan(long, int)"/>.</summary>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AccessDenied"/>: the view is for reading only.</exception>
    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int length = _writableLength;
            return length >= 0 ? new Span<byte>(_address, length) : SlowSpan();
        }
    }

    /// <summary>All committed bytes of the view, for reading.</summary>
    public ReadOnlySpan<byte> ReadOnlySpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int length = _writableLength;
            return length >= 0 ? new ReadOnlySpan<byte>(_address, length) : GetReadOnlySpan(0, WholeLength());
        }
    }

    /// <summary>
    /// All committed bytes of the view as memory, which may be kept in fields and across awaits. Using it after <see cref="Dispose"/>
    /// throws <see cref="ObjectDisposedException"/>; while it is pinned the view stays mapped.
    /// </summary>
    public Memory<byte> Memory
    {
        get
        {
            RequireWrite();
            return new ViewMemoryManager(this, 0, WholeLength()).Memory;
        }
    }

    /// <summary>A part of the view as memory; otherwise as <see cref="Memory"/>.</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes.</param>
    public Memory<byte> GetMemory(long offset, int length)
    {
        RequireWrite();
        _ = At(offset, length);
        return new ViewMemoryManager(this, offset, length).Memory;
    }

    /// <summary>A part of the view, for writing.</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.OutOfRange"/>: not within the view, or not committed; <see cref="FailureReason.AccessDenied"/>: for reading only.
    /// </exception>
    public Span<byte> GetSpan(long offset, int length)
    {
        RequireWrite();
        return new Span<byte>(At(offset, length), length);
    }

    /// <summary>A part of the view, for reading.</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes.</param>
    public ReadOnlySpan<byte> GetReadOnlySpan(long offset, int length) => new(At(offset, length), length);

    /// <summary>A run of values in the view, for writing.</summary>
    /// <typeparam name="T">A struct without references, laid out alike in every program that shares it.</typeparam>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="count">How many values.</param>
    public Span<T> GetSpan<T>(long offset, int count)
        where T : unmanaged
    {
        RequireWrite();
        return new Span<T>(At(offset, (long)count * sizeof(T)), count);
    }

    /// <summary>A run of values in the view, for reading.</summary>
    /// <typeparam name="T">A struct without references.</typeparam>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="count">How many values.</param>
    public ReadOnlySpan<T> GetReadOnlySpan<T>(long offset, int count)
        where T : unmanaged => new(At(offset, (long)count * sizeof(T)), count);

    /// <summary>One value in the view, in place, for writing.</summary>
    /// <typeparam name="T">A struct without references.</typeparam>
    /// <param name="offset">Bytes from the start of the view.</param>
    public ref T GetReference<T>(long offset = 0)
        where T : unmanaged
    {
        RequireWrite();
        return ref Unsafe.AsRef<T>(At(offset, sizeof(T)));
    }

    /// <summary>One value in the view, in place, for reading.</summary>
    /// <typeparam name="T">A struct without references.</typeparam>
    /// <param name="offset">Bytes from the start of the view.</param>
    public ref readonly T GetReadOnlyReference<T>(long offset = 0)
        where T : unmanaged => ref Unsafe.AsRef<T>(At(offset, sizeof(T)));

    /// <summary>The view as a stream of fixed length, positioned at its start. The view stays the caller's.</summary>
    public Stream AsStream() => new MemoryViewStream(this);

    /// <summary>Writes all changes to the file now (W15). Without a file there is nothing to wait for.</summary>
    public void Flush() => Flush(0, Length);

    /// <summary>Writes the changes of a range to the file now (W15).</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes.</param>
    public void Flush(long offset, long length) => Checked(offset, length).Flush(offset, length);

    /// <summary>Changes what may be done with the pages that a range touches (W17). Spans do not know of it: touching what is forbidden ends the process.</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes; extended to whole pages.</param>
    /// <param name="access">No more than the view was mapped for, and private only in a private view.</param>
    public void Protect(long offset, long length, MemoryAccess access)
    {
        MemoryAccessRules.Check(access, nameof(access));
        if (!Access.Allows(access) || access.CanWrite() && access.IsPrivate() != Access.IsPrivate())
        {
            throw new SharedObjectException(FailureReason.AccessDenied,
                $"A view for {Access} of section \"{SectionName}\" cannot be made one for {access}.", SectionName, SharedObjectKind.Section);
        }
        Checked(offset, length).Protect(offset, length, access);
    }

    /// <summary>Keeps a range in physical memory until it is unlocked or unmapped (W17).</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes; extended to whole pages.</param>
    public void Lock(long offset, long length) => Checked(offset, length).Lock(offset, length);

    /// <summary>Lets a range leave physical memory again (W17).</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes; extended to whole pages.</param>
    public void Unlock(long offset, long length) => Checked(offset, length).Unlock(offset, length);

    /// <summary>Brings a range into memory before it is touched (W16).</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    /// <param name="length">Bytes; extended to whole pages.</param>
    public void Prefetch(long offset, long length) => Checked(offset, length).Prefetch(offset, length);

    /// <summary>Brings all committed pages into memory before they are touched (W16).</summary>
    public void Prefetch()
    {
        if (CommittedLength > 0)
            Prefetch(0, CommittedLength);
    }

    /// <summary>What the system says of the pages around an offset (W17).</summary>
    /// <param name="offset">Bytes from the start of the view.</param>
    public MemoryRegion Query(long offset = 0) => Checked(offset, 1).Query(offset);

    /// <summary>Unmaps the view, at once or when the last pin of its memory is released.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _writableLength = -1;
            if (_pins > 0)
                return;
            _address = null;
        }
        _backend.Dispose();
    }

    /// <summary>The address of an offset, valid until <see cref="Unpin"/>.</summary>
    internal void* Pin(long offset)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pins++;
            return _address + offset;
        }
    }

    internal void Unpin()
    {
        lock (_gate)
        {
            if (--_pins > 0 || !_disposed)
                return;
            _address = null;
        }
        _backend.Dispose();
    }

    internal Span<byte> SpanForMemory(long offset, int length) => new(At(offset, length), length);

    private Span<byte> SlowSpan()
    {
        RequireWrite();
        return GetSpan(0, WholeLength());
    }

    private int WholeLength()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long length = CommittedLength;
        return length <= int.MaxValue
            ? (int)length
            : throw new InvalidOperationException($"The view has {length:N0} bytes, more than one span can cover: take parts of it with GetSpan.");
    }

    // SAFETY: the range lies within the mapping, and the mapping stands until Dispose.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* At(long offset, long length)
    {
        if (_disposed || offset < 0 || length < 0 || IsGrowing || offset > _length - length)
            CheckSlowly(offset, length);
        return _address + offset;
    }

    private void CheckSlowly(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset > _length - length)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"{length:N0} bytes from offset {offset:N0} do not lie within the view of section \"{SectionName}\", which has {_length:N0}.",
                SectionName, SharedObjectKind.Section);
        }
        if (offset > CommittedLength - length)
        {
            throw new SharedObjectException(FailureReason.OutOfRange,
                $"{length:N0} bytes from offset {offset:N0} of section \"{SectionName}\" are only reserved: {CommittedLength:N0} bytes of this view are committed. Commit more first.",
                SectionName, SharedObjectKind.Section);
        }
    }

    private ViewBackend Checked(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return offset <= _length - length
            ? _backend
            : throw new SharedObjectException(FailureReason.OutOfRange,
                $"{length:N0} bytes from offset {offset:N0} do not lie within the view of section \"{SectionName}\", which has {_length:N0}.",
                SectionName, SharedObjectKind.Section);
    }

    private void RequireWrite()
    {
        if (!Access.CanWrite())
        {
            throw new SharedObjectException(FailureReason.AccessDenied,
                $"This view of section \"{SectionName}\" is for {Access}: use the read-only members, or map it for writing.",
                SectionName, SharedObjectKind.Section);
        }
    }
}
