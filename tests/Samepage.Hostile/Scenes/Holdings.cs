using System.Runtime.ExceptionServices;

namespace Samepage.Hostile.Scenes;

/// <summary>What a scene holds is given up to the last, whatever the first says; what was said is thrown then.</summary>
internal static class Holdings
{
    public static void Release(params ReadOnlySpan<IDisposable?> held)
    {
        ExceptionDispatchInfo? first = null;
        foreach (IDisposable? one in held)
        {
            try
            {
                one?.Dispose();
            }
            catch (SharedObjectException e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        first?.Throw();
    }
}
