using Samepage.Channels;

namespace Samepage.Cli.Commands;

/// <summary>A value that is read, written and waited for: that of a cell, or of a key in a map of cells.</summary>
internal abstract class CellValue : IDisposable
{
    private byte[] _room = [];

    public abstract int Capacity { get; }

    /// <summary>Of a key: it is not there, or not any more.</summary>
    public virtual bool IsRemoved => false;

    public static CellValue Of(Cell cell) => new WholeCell(cell);

    /// <param name="map">Taken over.</param>
    /// <param name="key">One of its keys, or one that is added by the first value.</param>
    public static CellValue Of(CellMap map, string key) => new Entry(map, key);

    /// <summary>The latest value, until this is called again; null: there is none.</summary>
    public ReadOnlyMemory<byte>? Read(out ulong number)
    {
        int length;
        while (!TryRead(_room, out length, out number))
        {
            if (number == 0)
                return null;
            // A later one may be longer still.
            _room = new byte[(int)Math.Min(Capacity, Math.Max(length, 2L * _room.Length))];
        }
        return _room.AsMemory(0, length);
    }

    /// <returns>False: the key was removed.</returns>
    public abstract bool TryWrite(ReadOnlySpan<byte> value);

    /// <returns>False: the time has run out.</returns>
    public abstract bool WaitForChange(ulong since, TimeSpan timeout, CancellationToken ended);

    public abstract void Dispose();

    protected abstract bool TryRead(Span<byte> room, out int length, out ulong number);

    private sealed class WholeCell(Cell cell) : CellValue
    {
        public override int Capacity => cell.Capacity;

        public override bool TryWrite(ReadOnlySpan<byte> value)
        {
            cell.Write(value);
            return true;
        }

        public override bool WaitForChange(ulong since, TimeSpan timeout, CancellationToken ended) => cell.WaitForChange(since, timeout, ended);

        public override void Dispose() => cell.Dispose();

        protected override bool TryRead(Span<byte> room, out int length, out ulong number) => cell.TryRead(room, out length, out number);
    }

    private sealed class Entry(CellMap map, string key) : CellValue
    {
        private CellMapEntry? _entry = map.TryGet(key, out CellMapEntry? entry) ? entry : null;

        public override int Capacity => map.ValueCapacity;

        public override bool IsRemoved => _entry?.IsRemoved ?? true;

        public override bool TryWrite(ReadOnlySpan<byte> value) => (_entry ??= map.GetOrAdd(key)).TryWrite(value);

        public override bool WaitForChange(ulong since, TimeSpan timeout, CancellationToken ended) => _entry?.WaitForChange(since, timeout, ended) ?? true;

        public override void Dispose() => map.Dispose();

        protected override bool TryRead(Span<byte> room, out int length, out ulong number)
        {
            (length, number) = (0, 0);
            return _entry?.TryRead(room, out length, out number) ?? false;
        }
    }
}
