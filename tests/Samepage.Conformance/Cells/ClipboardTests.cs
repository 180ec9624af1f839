using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance.Cells;

/// <summary>One thing in several formats.</summary>
public sealed class ClipboardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void W45_What_was_put_there_last_is_there_in_all_its_formats()
    {
        using Clipboard clipboard = Clipboard.CreateOrOpen(Expect.NewName()), other = Clipboard.CreateOrOpen(clipboard.Name);
        Assert.Equal((0, 0, false), (other.SequenceNumber, other.OwnerProcessId, other.IsOwner));
        Assert.Empty(other.Formats);
        Assert.Null(other.Get("text", TimeSpan.Zero, Token));
        clipboard.Set(new ClipboardItem().Add("text", "bold"u8).Add("html", "<b>bold</b>"u8));
        Assert.Equal((1, Environment.ProcessId, false), (other.SequenceNumber, other.OwnerProcessId, other.IsOwner));
        Assert.True(clipboard.IsOwner);
        Assert.Equal(["html", "text"], other.Formats.Order(StringComparer.Ordinal));
        Assert.Equal("bold"u8.ToArray(), other.Get("text", TimeSpan.Zero, Token));
        Assert.Equal("<b>bold</b>"u8.ToArray(), other.Get("html", TimeSpan.Zero, Token));
        Assert.Null(other.Get("Text", TimeSpan.Zero, Token));
        other.Set(new ClipboardItem().Add("text", "plain"u8));
        Assert.Equal(["text"], clipboard.Formats);
        Assert.Equal("plain"u8.ToArray(), clipboard.Get("text", TimeSpan.Zero, Token));
        clipboard.Clear();
        Assert.Equal((3, 0, false), (other.SequenceNumber, other.OwnerProcessId, other.IsOwner));
        Assert.Empty(other.Formats);
    }

    [Fact]
    public async Task W45_What_is_promised_is_made_once_when_somebody_asks()
    {
        using Clipboard clipboard = Clipboard.CreateOrOpen(Expect.NewName()), other = Clipboard.CreateOrOpen(clipboard.Name);
        int made = 0;
        clipboard.Set(new ClipboardItem()
            .Promise("image", () => [(byte)Interlocked.Increment(ref made)])
            .Promise("never", () => throw new InvalidTimeZoneException())
            .Promise("late", () => [9]));
        Assert.Equal(["image", "late", "never"], other.Formats.Order(StringComparer.Ordinal));
        Task<byte[]?> also = other.GetAsync("image", Peer.Patience, Token).AsTask();
        Assert.Equal([1], other.Get("image", Peer.Patience, Token));
        Assert.Equal([1], await also);
        Assert.Equal([1], clipboard.Get("image", TimeSpan.Zero, Token));
        Assert.Null(other.Get("never", Peer.Patience, Token));
        Assert.Equal([9], other.Get("late", Peer.Patience, Token));
        Assert.Equal((1, 1), (made, (int)other.SequenceNumber));
        Assert.Equal(["image", "late"], other.Formats.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void W45_Promises_are_gone_with_the_handle_and_the_rest_stays()
    {
        using Clipboard other = Clipboard.CreateOrOpen(Expect.NewName());
        Clipboard owner = Clipboard.CreateOrOpen(other.Name);
        owner.Set(new ClipboardItem().Add("text", "x"u8).Promise("image", () => [1]));
        owner.Dispose();
        owner.Dispose();
        Assert.Equal(["text"], other.Formats);
        Assert.Null(other.Get("image", Peer.Patience, Token));
        Assert.Equal("x"u8.ToArray(), other.Get("text", TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task W45_Who_waits_is_told_of_the_next_thing_and_not_of_a_format_that_was_made()
    {
        using Clipboard clipboard = Clipboard.CreateOrOpen(Expect.NewName()), other = Clipboard.CreateOrOpen(clipboard.Name);
        ValueTask<long> waits = other.WaitForChangeAsync(0, Token);
        clipboard.Set(new ClipboardItem().Promise("a", () => [1]));
        Assert.Equal(1, await waits);
        Task<long> next = other.WaitForChangeAsync(1, Token).AsTask();
        Assert.Equal([1], other.Get("a", Peer.Patience, Token));
        Assert.False(next.IsCompleted);
        other.Set(new ClipboardItem());
        Assert.Equal(2, await next);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await other.WaitForChangeAsync(2, cancelled.Token));
    }

    [Fact]
    public void W45_What_is_too_long_is_refused_and_what_was_there_stays()
    {
        using Clipboard clipboard = Clipboard.CreateOrOpen(Expect.NewName(), capacity: 1_000);
        clipboard.Set(new ClipboardItem().Add("a", "here"u8));
        Assert.Throws<ArgumentException>(() => clipboard.Set(new ClipboardItem().Add("a", new byte[1_000])));
        Assert.Equal("here"u8.ToArray(), clipboard.Get("a", TimeSpan.Zero, Token));
        clipboard.Set(new ClipboardItem().Add("a", "here"u8).Promise("long", () => new byte[1_000]));
        Assert.Null(clipboard.Get("long", Peer.Patience, Token));
        Assert.Equal(["a"], clipboard.Formats);
        Assert.Throws<ArgumentException>(() => new ClipboardItem().Add("", []));
        Assert.Throws<ArgumentException>(() => new ClipboardItem().Promise(new string('f', 256), () => []));
        using Cell cell = Cell.Create(Expect.NewName("cell"));
        Assert.Equal(FailureReason.VersionMismatch, Assert.Throws<SharedObjectException>(() => Clipboard.CreateOrOpen(cell.Name)).Reason);
        Assert.Equal(FailureReason.VersionMismatch, Assert.Throws<SharedObjectException>(() => Cell.Open(clipboard.Name)).Reason);
    }
}
