using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Touching every byte of 64 KiB of shared memory, against the same over an array: a view should cost nothing.</summary>
internal sealed class SpanAccess : Suite
{
    private const int Size = 64 * 1024;

    // Where the sums go, so that no loop is without effect.
    private long _sum;

    public SpanAccess()
    {
        SharedMemory section = Own(SharedMemory.Create(UniqueName("span"), Size));
        MemoryView view = Own(section.Map());
        byte[] array = new byte[Size];
        var sumSpan = Passes("sum, one span", () => Sum(view.Span));
        var sumView = Passes("sum, view.Span[i]", () => Sum(view));
        var sumArray = Passes("byte[], sum", () => Sum(array));
        var writeSpan = Passes("write, one span", () => Write(view.Span));
        var writeView = Passes("write, view.Span[i]", () => Write(view));
        var writeArray = Passes("byte[], write", () => Write(array));
        // "About 1.0": within what the place of a loop in memory changes anyway.
        var target = Target.AtMost(1.1);
        Comparisons =
        [
            new("64 KiB: sum through one view.Span", sumSpan, sumArray, target),
            new("64 KiB: sum, view.Span[i] each time", sumView, sumArray, target),
            new("64 KiB: write through one view.Span", writeSpan, writeArray, target),
            new("64 KiB: write, view.Span[i] each time", writeView, writeArray, target),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One operation is one pass over all bytes.</summary>
    private CountedContender Passes(string name, Func<long> pass) => CountedContender.InProcess(name, n => Repeat(n, pass));

    private void Repeat(long operations, Func<long> pass)
    {
        long sum = 0;
        for (long i = 0; i < operations; i++)
            sum += pass();
        _sum += sum;
    }

    private static long Sum(Span<byte> span)
    {
        long sum = 0;
        for (int i = 0; i < span.Length; i++)
            sum += span[i];
        return sum;
    }

    private static long Sum(MemoryView view)
    {
        long sum = 0;
        for (int i = 0; i < Size; i++)
            sum += view.Span[i];
        return sum;
    }

    private static long Sum(byte[] array)
    {
        long sum = 0;
        for (int i = 0; i < array.Length; i++)
            sum += array[i];
        return sum;
    }

    private static long Write(Span<byte> span)
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = (byte)i;
        return span[^1];
    }

    private static long Write(MemoryView view)
    {
        for (int i = 0; i < Size; i++)
            view.Span[i] = (byte)i;
        return view.Span[^1];
    }

    private static long Write(byte[] array)
    {
        for (int i = 0; i < array.Length; i++)
            array[i] = (byte)i;
        return array[^1];
    }
}
