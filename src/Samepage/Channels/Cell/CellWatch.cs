using Samepage.Diagnostics;

namespace Samepage.Channels;

/// <summary>Who waits until there is another value than one it knows. It has a reader's place.</summary>
internal sealed class CellWatch : ChannelEnd
{
    private readonly CellCore _cell;
    private bool _disposed;

    public CellWatch(CellCore cell, int reader)
        : base(cell.Channel.Readers, reader, WaitStrategy.SpinThenBlock)
    {
        _cell = cell;
        Reader = reader;
    }

    public int Reader { get; }

    /// <summary>Whose values it waits for.</summary>
    public CellSlots? Slots { get; set; }

    /// <summary>The how manieth of them it knows.</summary>
    public ulong Known { get; set; }

    /// <summary>What else ends its wait; null: nothing.</summary>
    public Func<bool>? OrElse { get; set; }

    public override bool IsReady => _disposed || Slots is null || Slots.HasNews(Known) || OrElse?.Invoke() == true;

    public override void AddTo(ref Counts counts)
    {
        base.AddTo(ref counts);
        _cell.AddTo(this, ref counts);
    }

    protected override void BeforeSleep() => _cell.Channel.WatchWriters();

    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        base.Dispose();
        _cell.Channel.LeaveReader(Reader);
        _cell.Channel.Remove(this);
    }
}
