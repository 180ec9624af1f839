namespace Samepage.Cli.Output;

/// <summary>Copies a view again and again, and says which bytes differ from the copy before.</summary>
internal sealed class ViewWatch(MemoryView view)
{
    /// <summary>Two copies are kept.</summary>
    public const int Largest = 64 << 20;

    private byte[] _before = new byte[view.Length];

    /// <summary>The latest copy.</summary>
    public byte[] Now { get; private set; } = view.GetReadOnlySpan(0, (int)view.Length).ToArray();

    public long Offset => view.Offset;

    /// <summary>Takes a new copy. False: nothing changed.</summary>
    public bool Look()
    {
        (_before, Now) = (Now, _before);
        view.GetReadOnlySpan(0, Now.Length).CopyTo(Now);
        return !Now.AsSpan().SequenceEqual(_before);
    }

    public bool HasChanged(int index) => Now[index] != _before[index];

    /// <summary>The changed rows as ranges, neighbours in one.</summary>
    public IEnumerable<Range> ChangedRows()
    {
        int start = -1;
        for (int at = 0; at < Now.Length; at += HexLine.Bytes)
        {
            int end = Math.Min(at + HexLine.Bytes, Now.Length);
            bool same = Now.AsSpan(at..end).SequenceEqual(_before.AsSpan(at..end));
            if (!same && start < 0)
                start = at;
            if (!same || start < 0)
                continue;
            yield return start..at;
            start = -1;
        }
        if (start >= 0)
            yield return start..Now.Length;
    }
}
