using Samepage.Channels;

namespace Frames;

/// <summary>The topic of the frames, for whoever comes first.</summary>
internal static class Studio
{
    /// <summary>Room for four frames, less what stands around them.</summary>
    private const long Room = 4L * Frame.Bytes;

    public static Topic OpenOrMake() =>
        Topic.CreateOrOpen("Frames", new TopicOptions { Capacity = Room, FullMode = TopicFullMode.DropOldest, MaxPublishers = 1 });
}
