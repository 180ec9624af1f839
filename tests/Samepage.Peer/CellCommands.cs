using System.Globalization;
using Samepage.Channels;

namespace Samepage.Peer;

/// <summary>What a process does with cells. A value of so many bytes is so many times the same byte, made of its length.</summary>
internal static class CellCommands
{
    internal const int Capacity = 10_000;
    internal const string Torn = "torn";

    /// <summary>Null: it is no command of these.</summary>
    public static string? Run(OpenObjects objects, string[] words)
    {
        string name = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "cell":
                objects.Add(name, Cell.CreateOrOpen(name, out bool created, new CellOptions { Capacity = Capacity, MaxReaders = 3, MaxWriters = 2 }));
                return created ? "created" : "opened";
            case "cell-write":
                for (int i = 0; i < Number(words[3]); i++)
                    objects.Get<Cell>(name).Write(Value((int)Number(words[2])));
                return "";
            case "cell-update":
                objects.Get<Cell>(name).Update(0, static (latest, _) => Value(latest.Length + 1));
                return "";
            case "cell-read":
                return Described(objects.Get<Cell>(name).ToArray());
            case "cell-read-pinned":
                Cell cell = objects.Get<Cell>(name);
                var room = new byte[Capacity];
                _ = cell.Slots.TryReadPinned(room, out int length, out _, cell.Core.Pin);
                return Described(room.AsSpan(0, length));
            case "cell-wait":
                return objects.Get<Cell>(name).WaitForChange((ulong)Number(words[2]), TimeSpan.FromSeconds(20)).ToString();
            case "cell-write-forever":
                return Torture.WriteCell(name);
            case "cell-read-forever":
                return Torture.ReadCell(name);
            case "cell-map":
                objects.Add(name, CellMap.CreateOrOpen(name, new CellMapOptions { MaxKeys = 2, MaxReaders = 3, MaxWriters = 2 }));
                return "";
            case "cell-map-write":
                return objects.Get<CellMap>(name).GetOrAdd(words[2]).TryWrite(Value((int)Number(words[3]))).ToString();
            case "cell-map-remove":
                return objects.Get<CellMap>(name).Remove(words[2]).ToString();
            case "atom-add":
                var table = AtomTable.CreateOrOpen(name);
                objects.Add("atoms-" + name, table);
                return table.Add(words[2]).ToString(CultureInfo.InvariantCulture);
            case "clipboard-promise":
                var clipboard = Clipboard.CreateOrOpen(name);
                objects.Add("clipboard-" + name, clipboard);
                // Never made: whoever asks waits until this process ends.
                clipboard.Set(new ClipboardItem().Add("text", "x"u8).Promise("image", static () => { Thread.Sleep(Timeout.Infinite); return []; }));
                return "";
            default:
                return null;
        }
    }

    internal static byte[] Value(int length)
    {
        var value = new byte[length];
        value.AsSpan().Fill((byte)(length % 251));
        return value;
    }

    internal static string Described(ReadOnlySpan<byte> value) =>
        value.ContainsAnyExcept((byte)(value.Length % 251)) ? Torn : value.Length.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
