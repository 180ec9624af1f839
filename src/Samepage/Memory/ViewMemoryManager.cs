using System.Buffers;

namespace Samepage;

/// <summary>Memory over a part of a view, which asks the view at every use whether it still stands.</summary>
internal sealed unsafe class ViewMemoryManager(MemoryView view, long offset, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => view.SpanForMemory(offset, length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, length);
        return new MemoryHandle(view.Pin(offset + elementIndex), pinnable: this);
    }

    public override void Unpin() => view.Unpin();

    protected override void Dispose(bool disposing)
    {
        // The view is the caller's.
    }
}
