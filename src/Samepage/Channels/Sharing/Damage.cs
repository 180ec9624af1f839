namespace Samepage.Channels;

/// <summary>What a stranger wrote into shared memory, met where nobody could be told of it.</summary>
internal static class Damage
{
    /// <summary>A step of giving up, or of telling others. What is damaged there keeps nobody from the steps after it: whoever looks there next is told.</summary>
    public static void PassOver(Action step)
    {
        try
        {
            step();
        }
        catch (SharedObjectException)
        {
        }
    }
}
