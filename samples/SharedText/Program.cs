using System.Text;
using Samepage;
using Samepage.Channels;
using SharedText;

Console.InputEncoding = Console.OutputEncoding = new UTF8Encoding(false);
try
{
    switch (args)
    {
        case []:
            return Edit();
        case ["show"] when Alive():
            return Show();
        case ["append", string addition] when Alive():
            return Append(addition);
        case ["show"] or ["append", _]:
            Console.Error.WriteLine("No instance is open, so there is no text: it lives as long as one of them.");
            return 2;
        case ["follow"]:
            return Follow();
        case ["hammer", "--seconds", string seconds] when double.TryParse(seconds, out double length):
            return Load.Hammer(TimeSpan.FromSeconds(length));
        case ["verify", "--seconds", string seconds] when double.TryParse(seconds, out double length):
            return Load.Verify(TimeSpan.FromSeconds(length));
        default:
            Console.Error.WriteLine("""
                Usage: SharedText                       edits the text at this terminal
                       SharedText show                  prints the text
                       SharedText append TEXT           puts TEXT at its end
                       SharedText follow                prints each new version as it comes
                       SharedText hammer --seconds N    writes as fast as it can, each text with its checksum
                       SharedText verify --seconds N    reads while others hammer, and counts torn texts
                """);
            return 1;
    }
}
catch (Exception failure) when (failure is SharedObjectException or ArgumentException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

static bool Alive() => Cell.Exists(LiveText.Name);

static int Edit()
{
    using var text = new LiveText();
    new Editor(text).Run();
    return 0;
}

static int Show()
{
    using var text = new LiveText();
    Console.Out.Write(text.Read(out _));
    return 0;
}

static int Append(string addition)
{
    using var text = new LiveText();
    text.Change(current => current + addition);
    return 0;
}

static int Follow()
{
    using var text = new LiveText();
    for (ulong seen = 0; ; _ = text.WaitForChange(seen, Timeout.InfiniteTimeSpan))
    {
        string content = text.Read(out seen);
        Console.Out.WriteLine($"--- version {seen}, {content.Length} characters\n{content}");
    }
}
