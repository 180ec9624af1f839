using System.Buffers;

namespace Samepage.Channels;

/// <summary>What is on a clipboard, as its cell has it.</summary>
internal sealed class ClipboardContent
{
    /// <summary>What a format of the item is.</summary>
    public enum State
    {
        There = 0,
        Promised = 1,
        Wanted = 2,
    }

    /// <summary>How many items, and how many times none, were put there.</summary>
    public ulong Sequence { get; set; }

    /// <summary>The life of the process that put it there.</summary>
    public ulong Life { get; set; }

    /// <summary>Which of its handles, drawn by lot.</summary>
    public ulong Owner { get; set; }

    /// <summary>For people.</summary>
    public int ProcessId { get; set; }

    public Dictionary<string, (State State, byte[] Data)> Formats { get; } = new(StringComparer.Ordinal);

    public static ClipboardContent Read(ReadOnlySpan<byte> value, string name)
    {
        var content = new ClipboardContent();
        if (value.IsEmpty)
            return content;
        var fields = new FieldReader(value, name);
        content.Sequence = fields.Number();
        content.Life = fields.Number();
        content.Owner = fields.Number();
        content.ProcessId = (int)fields.Number();
        while (!fields.IsAtEnd)
        {
            string format = fields.Text();
            ulong state = fields.Number();
            if (state > (ulong)State.Wanted)
                throw ChannelErrors.Corrupt(name, $"a format is said to be in state {state:N0}");
            content.Formats[format] = ((State)state, fields.Bytes().ToArray());
        }
        return content;
    }

    public ReadOnlySpan<byte> ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>();
        writer.Number(Sequence);
        writer.Number(Life);
        writer.Number(Owner);
        writer.Number((uint)ProcessId);
        foreach ((string format, (State state, byte[] data)) in Formats)
        {
            writer.Text(format);
            writer.Number((ulong)state);
            writer.Bytes(data);
        }
        return writer.WrittenSpan;
    }

    /// <summary>A format that is promised is in this state now; null: it cannot be made. False: it is not promised.</summary>
    public bool Answer(string format, State state, byte[]? data)
    {
        if (!Formats.TryGetValue(format, out (State State, byte[] Data) before) || before.State == State.There)
            return false;
        if (data is null)
            Formats.Remove(format);
        else
            Formats[format] = (state, data);
        return true;
    }

    /// <summary>Nobody will keep the promises of this item.</summary>
    public bool BreakPromises()
    {
        string[] broken = [.. Formats.Where(f => f.Value.State != State.There).Select(f => f.Key)];
        foreach (string format in broken)
            Formats.Remove(format);
        return broken.Length > 0;
    }
}
