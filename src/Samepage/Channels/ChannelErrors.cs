using Samepage.Diagnostics;

namespace Samepage.Channels;

/// <summary>What can be wrong with a channel, in words.</summary>
internal static class ChannelErrors
{
    public static SharedObjectException Corrupt(string channel, string what)
    {
        LibraryEvents.Log.CorruptObject(channel, what);
        return new(FailureReason.Corrupt, $"\"{channel}\" is damaged: {what}. Somebody wrote into its memory: let all its users end, and begin anew.", channel);
    }

    public static SharedObjectException CorruptRecord(string channel, long position, ulong header) =>
        Corrupt(channel, $"what stands at position {position:N0} ({header:X16}) is no record");
}
