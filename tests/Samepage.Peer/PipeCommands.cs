using System.Globalization;
using Samepage.Channels;

namespace Samepage.Peer;

/// <summary>What this process does with pipes. The bytes that it writes count up from 0 to 250 and again.</summary>
internal static class PipeCommands
{
    private const int Cycle = 251;

    private static readonly Dictionary<string, int> _written = [];

    public static string Run(OpenObjects objects, string[] words)
    {
        string name = words[1];
        switch (words[0])
        {
            case "pipe-listen":
                objects.Add(name, PipeListener.Create(name));
                return "";
            case "pipe-accept":
                objects.Add(words[2], objects.Get<PipeListener>(name).Accept());
                return "";
            case "pipe-connect":
                objects.Add(words[2], PipeConnection.Connect(name, TimeSpan.FromSeconds(20)));
                return "";
            case "pipe-open":
                objects.Add(words[2], PipeConnection.OpenHandle(name));
                return "";
            case "pipe-write":
                Write(objects.Get<PipeConnection>(name), name, int.Parse(words[2], CultureInfo.InvariantCulture));
                return "";
            case "pipe-read":
                byte[] read = new byte[int.Parse(words[2], CultureInfo.InvariantCulture)];
                objects.Get<PipeConnection>(name).AsStream(leaveOpen: true).ReadExactly(read);
                return read[^1].ToString(CultureInfo.InvariantCulture);
            default:
                throw new InvalidOperationException($"unknown command {words[0]}");
        }
    }

    private static void Write(PipeConnection connection, string name, int count)
    {
        int first = _written.GetValueOrDefault(name);
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = (byte)((first + i) % Cycle);
        _written[name] = first + count;
        connection.AsStream(leaveOpen: true).Write(bytes);
    }
}
