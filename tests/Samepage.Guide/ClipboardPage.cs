using Samepage.Channels;

namespace Samepage.Guide;

public sealed class ClipboardPage : Page
{
    [Fact]
    public async Task A_drawing_is_copied_and_pasted()
    {
        #region clipboard-set
        using Clipboard clipboard = Clipboard.CreateOrOpen("drawing");
        clipboard.Set(new ClipboardItem().Add("text/plain", "a circle"u8).Promise("image/png", Render));   // made if somebody asks
        #endregion
        await PasteAsync(Token);
        Assert.Equal(["text/plain", "image/png", "3 bytes"], Shown);
    }

    private async Task PasteAsync(CancellationToken token)
    {
        #region clipboard-get
        using Clipboard clipboard = Clipboard.CreateOrOpen("drawing");
        foreach (string format in clipboard.Formats)
            Offer(format);
        byte[]? image = await clipboard.GetAsync("image/png", TimeSpan.FromSeconds(5), token);             // null: not there, or not in time
        #endregion
        Show($"{image?.Length} bytes");
    }

    [Fact]
    public async Task Somebody_is_told_of_what_comes()
    {
        CancellationToken token = Token;
        using Clipboard clipboard = Clipboard.CreateOrOpen("watched");
        long known = clipboard.SequenceNumber;
        using Clipboard other = Clipboard.CreateOrOpen("watched");
        other.Set(new ClipboardItem().Add("text/plain", "new"u8));
        #region clipboard-wait
        known = await clipboard.WaitForChangeAsync(known, token);  // known: a SequenceNumber, as on Windows
        #endregion
        Assert.Equal(1, known);
    }

    [Fact]
    public void Atoms()
    {
        #region atoms
        using AtomTable atoms = AtomTable.CreateOrOpen("words");
        ushort atom = atoms.Add("Topic");                          // the same number for everybody
        if (atoms.TryGetName(atom, out string? name))
            Console.WriteLine($"{atom:X4} is {name}");
        atoms.Delete(atom);                                        // as often as it was added; then it is gone
        #endregion
        Assert.Equal("Topic", name);
        Assert.False(atoms.TryFind("topic", out _));
    }

    private static byte[] Render() => [1, 2, 3];

    private void Offer(string format) => Show(format);
}
