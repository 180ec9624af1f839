namespace Samepage.Platform;

/// <summary>The one place that asks which system this is.</summary>
internal static class Host
{
    public static IPlatform Platform { get; } = OperatingSystem.IsLinux()
        ? new Linux.LinuxPlatform()
        : throw new PlatformNotSupportedException(
            "Samepage runs on Linux with glibc (x64, arm64) in this version; there is no process-local stand-in on other systems.");
}
